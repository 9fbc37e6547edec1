/* verify.c: the log is read in order, batch by batch, and everything is computed again. */
#include "ledger/verify.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/proof.h"
#include "ledger/verify_inside.h"

enum { BATCHES_AT_ONCE = 200, MOST_KEYS = 256 };

struct public_key {
    char key[KEY_ID_SIZE];
    unsigned char bytes[PUBLIC_KEY_SIZE];
};

struct walk {
    struct db *db;
    const char *jurisdiction;
    struct verification *verification;
    struct public_key keys[MOST_KEYS];
    size_t key_count;
    int64_t batch, sequence;
    size_t total;          /* entries, as the stored head says */
    char key[KEY_ID_SIZE]; /* that signed the batch before */
    struct digest head;
};

void verification_fault(struct verification *verification, const char *format, ...)
{
    char words[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    verification->faults++;
    verification->fault(verification->context, words);
}

void verification_notice(struct verification *verification, const char *format, ...)
{
    char words[1024];
    va_list args;

    if (!verification->notice)
        return;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    verification->notice(verification->context, words);
}

void verification_progress(struct verification *verification, const char *jurisdiction, const char *doing, size_t done,
                           size_t total)
{
    if (verification->progress)
        verification->progress(verification->context, jurisdiction, doing, done, total);
}

static bool read_keys(struct walk *walk)
{
    static const struct db_statement list = {"verify_keys", "select key, public_key from tributary.signing_key", 0};
    PGresult *result = NULL;

    if (db_run(walk->db, &list, NULL, &result) != DB_OK)
        return false;
    for (int i = 0; i < PQntuples(result) && walk->key_count < MOST_KEYS; i++) {
        struct public_key *key = &walk->keys[walk->key_count];
        char id[KEY_ID_SIZE];

        snprintf(key->key, sizeof key->key, "%s", PQgetvalue(result, i, 0));
        if (!bytea_parse(PQgetvalue(result, i, 1), key->bytes, PUBLIC_KEY_SIZE))
            continue;
        proof_key_id(key->bytes, id);
        if (strcmp(id, key->key) != 0)
            verification_fault(walk->verification, "signing key %s: its public key belongs to %s", key->key, id);
        walk->key_count++;
    }
    PQclear(result);
    return true;
}

/* The leaf of an entry; of one whose text was given up, the stored one, which its root must bear out. */
static struct digest check_leaf(struct walk *walk, const PGresult *entries, int row)
{
    const char *entry = result_text(entries, row, 2);
    struct digest stored = {{0}}, leaf;
    bool readable = bytea_parse(PQgetvalue(entries, row, 3), stored.bytes, DIGEST_SIZE);

    if (!entry) {
        walk->verification->pruned++;
        return stored;
    }
    leaf = proof_leaf(entry, strlen(entry));
    if (!readable || memcmp(stored.bytes, leaf.bytes, DIGEST_SIZE) != 0)
        verification_fault(walk->verification, "entry %lld was changed: its content doesn't give its leaf",
                           (long long)result_int64(entries, row, 1));
    return leaf;
}

/* The entries of one batch: sequence without gaps, leaf = digest of the entry. Returns the root over recomputed leaves. */
static bool check_entries(struct walk *walk, const PGresult *entries, int from, int to, int64_t batch,
                          struct digest *ret_root)
{
    size_t count = (size_t)(to - from);
    struct digest *leaves = calloc(count ? count : 1, sizeof *leaves);

    if (!leaves || count == 0) {
        free(leaves);
        verification_fault(walk->verification, "batch %lld has no entries", (long long)batch);
        return false;
    }
    for (int i = from; i < to; i++) {
        int64_t sequence = result_int64(entries, i, 1);

        if (sequence != walk->sequence + 1)
            verification_fault(walk->verification, "entry %lld: entries %lld to %lld are missing or moved",
                               (long long)sequence, (long long)walk->sequence + 1, (long long)sequence - 1);
        walk->sequence = sequence;
        leaves[i - from] = check_leaf(walk, entries, i);
        walk->verification->entries++;
    }
    *ret_root = proof_root(leaves, count);
    free(leaves);
    return true;
}

static void check_signature(struct walk *walk, int64_t batch, const char *key, const unsigned char *signature,
                            const struct digest *head)
{
    for (size_t i = 0; i < walk->key_count; i++) {
        if (strcmp(walk->keys[i].key, key) != 0)
            continue;
        if (!proof_signature_holds(signature, walk->jurisdiction, head, walk->keys[i].bytes))
            verification_fault(walk->verification, "batch %lld: its signature by key %s doesn't hold", (long long)batch,
                               key);
        return;
    }
    verification_fault(walk->verification, "batch %lld: it is signed by key %s, which isn't listed", (long long)batch,
                       key);
}

/* batch, first, last, previous_head, head, key, signature */
static void check_batch(struct walk *walk, const PGresult *batches, int row, const PGresult *entries, int from, int to)
{
    int64_t batch = result_int64(batches, row, 0), first = result_int64(batches, row, 1),
            last = result_int64(batches, row, 2);
    struct digest previous = {{0}}, head = {{0}}, root, computed;
    unsigned char signature[SIGNATURE_SIZE];
    char head_text[DIGEST_TEXT_SIZE];

    walk->verification->batches++;
    if (batch != walk->batch + 1)
        verification_fault(walk->verification, "batch %lld: batches %lld to %lld are missing", (long long)batch,
                           (long long)walk->batch + 1, (long long)batch - 1);
    walk->batch = batch;
    if (!bytea_parse(PQgetvalue(batches, row, 3), previous.bytes, DIGEST_SIZE) ||
        !bytea_parse(PQgetvalue(batches, row, 4), head.bytes, DIGEST_SIZE) ||
        !bytea_parse(PQgetvalue(batches, row, 6), signature, SIGNATURE_SIZE)) {
        verification_fault(walk->verification, "batch %lld can't be read", (long long)batch);
        return;
    }
    if (first != walk->sequence + 1)
        verification_fault(walk->verification, "batch %lld begins at entry %lld, but %lld was expected",
                           (long long)batch, (long long)first, (long long)walk->sequence + 1);
    if (memcmp(previous.bytes, walk->head.bytes, DIGEST_SIZE) != 0)
        verification_fault(walk->verification, "batch %lld doesn't follow the head before it", (long long)batch);
    if (check_entries(walk, entries, from, to, batch, &root)) {
        computed = proof_head(&previous, &root, (uint64_t)first, (uint64_t)last);
        if (memcmp(computed.bytes, head.bytes, DIGEST_SIZE) != 0)
            verification_fault(walk->verification, "batch %lld (entries %lld to %lld): its entries don't give its head",
                               (long long)batch, (long long)first, (long long)last);
    }
    if (walk->sequence != last)
        verification_fault(walk->verification, "batch %lld should end at entry %lld, but the last one is %lld",
                           (long long)batch, (long long)last, (long long)walk->sequence);
    check_signature(walk, batch, PQgetvalue(batches, row, 5), signature, &head);
    snprintf(walk->key, sizeof walk->key, "%s", PQgetvalue(batches, row, 5));
    walk->sequence = last;
    walk->head = head;
    digest_format(&head, head_text);
    for (size_t i = 0; i < walk->verification->wanted_count; i++)
        if (strcmp(walk->verification->wanted[i].head, head_text) == 0)
            walk->verification->wanted[i].seen = true;
}

static bool walk_batches(struct walk *walk)
{
    static const struct db_statement some_batches = {
        "verify_batches",
        "select batch, first_sequence, last_sequence, previous_head, head, key, signature from tributary.log_batch"
        " where jurisdiction = $1 and batch > $2::bigint order by batch limit $3::integer",
        3};
    static const struct db_statement their_entries = {
        "verify_entries",
        "select batch, sequence, entry, leaf from tributary.log_entry where jurisdiction = $1 and batch between $2::bigint and $3::bigint"
        " order by batch, sequence",
        3};
    char after[24], first[24], last[24], limit[16];

    snprintf(limit, sizeof limit, "%d", BATCHES_AT_ONCE);
    for (int64_t seen = 0;;) {
        PGresult *batches = NULL, *entries = NULL;

        snprintf(after, sizeof after, "%lld", (long long)seen);
        if (db_run(walk->db, &some_batches, (const char *const[]){walk->jurisdiction, after, limit}, &batches) != DB_OK)
            return false;
        int count = PQntuples(batches);

        if (count == 0) {
            PQclear(batches);
            return true;
        }
        snprintf(first, sizeof first, "%s", PQgetvalue(batches, 0, 0));
        snprintf(last, sizeof last, "%s", PQgetvalue(batches, count - 1, 0));
        seen = result_int64(batches, count - 1, 0);
        if (db_run(walk->db, &their_entries, (const char *const[]){walk->jurisdiction, first, last}, &entries) !=
            DB_OK) {
            PQclear(batches);
            return false;
        }
        for (int row = 0, from = 0; row < count; row++) {
            int to = from;

            while (to < PQntuples(entries) && result_int64(entries, to, 0) == result_int64(batches, row, 0))
                to++;
            check_batch(walk, batches, row, entries, from, to);
            from = to;
        }
        verification_progress(walk->verification, walk->jurisdiction, "log", (size_t)walk->sequence, walk->total);
        PQclear(batches);
        PQclear(entries);
    }
}

static bool read_total(struct walk *walk)
{
    static const struct db_statement total = {"verify_total",
                                              "select sequence from tributary.log_head where jurisdiction = $1", 1};
    PGresult *result = NULL;

    if (db_run(walk->db, &total, (const char *const[]){walk->jurisdiction}, &result) != DB_OK)
        return false;
    walk->total = PQntuples(result) == 1 ? (size_t)result_int64(result, 0, 0) : 0;
    PQclear(result);
    return true;
}

/* The stored head must be the last batch's, and no entry may stand outside the batches. */
static bool check_head(struct walk *walk)
{
    static const struct db_statement stored = {
        "verify_head",
        "select sequence, batch, head, (select count(*) from tributary.log_entry e where e.jurisdiction = h.jurisdiction),"
        " recorded_at = coalesce((select e.recorded_at from tributary.log_entry e where e.jurisdiction = h.jurisdiction"
        "  order by e.sequence desc limit 1), '-infinity')"
        " from tributary.log_head h where jurisdiction = $1",
        1};
    PGresult *result = NULL;
    struct digest head;

    if (db_run(walk->db, &stored, (const char *const[]){walk->jurisdiction}, &result) != DB_OK)
        return false;
    if (PQntuples(result) != 1 || result_int64(result, 0, 0) != walk->sequence ||
        result_int64(result, 0, 1) != walk->batch || !bytea_parse(PQgetvalue(result, 0, 2), head.bytes, DIGEST_SIZE) ||
        memcmp(head.bytes, walk->head.bytes, DIGEST_SIZE) != 0)
        verification_fault(
            walk->verification,
            "the log ends at batch %lld, entry %lld, but its stored head says otherwise: a tail is cut off"
            " or added",
            (long long)walk->batch, (long long)walk->sequence);
    else if (result_int64(result, 0, 3) != walk->sequence)
        verification_fault(walk->verification, "the log holds %lld entries, but %lld were expected",
                           (long long)result_int64(result, 0, 3), (long long)walk->sequence);
    else if (!result_bool(result, 0, 4))
        verification_fault(
            walk->verification,
            "the log ends with entry %lld, but its stored head names another moment than that of the entry",
            (long long)walk->sequence);
    PQclear(result);
    return true;
}

/* Whoever can change the database could list a key of their own and sign everything anew: the newest batch must bear the
 * signature of the key that is kept outside. */
static void check_own_key(struct walk *walk, const char *own_key)
{
    if (own_key && walk->batch > 0 && strcmp(walk->key, own_key) != 0)
        verification_fault(
            walk->verification,
            "the newest batch is signed by key %s, not by %s of the key file (so it is right after a change"
            " of keys, until the next entry; otherwise the log was made anew)",
            walk->key, own_key);
}

bool verify_log(struct db *db, const char *jurisdiction, const char *own_key, struct verification *verification)
{
    struct walk walk = {.db = db, .jurisdiction = jurisdiction, .verification = verification};
    bool walked = read_keys(&walk) && read_total(&walk) && walk_batches(&walk) && check_head(&walk);

    if (walked)
        check_own_key(&walk, own_key);
    verification_progress(verification, jurisdiction, "rows", 0, 0);
    return walked && verify_columns(db, jurisdiction, verification) && verify_rows(db, jurisdiction, verification) &&
           verify_acts(db, jurisdiction, verification) && verify_owner(db, jurisdiction, verification);
}
