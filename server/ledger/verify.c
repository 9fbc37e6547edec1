/* verify.c: the log is read in order, batch by batch, and everything is computed again. */
#include "ledger/verify.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/proof.h"

enum { BATCHES_AT_ONCE = 200, MOST_KEYS = 256 };

struct public_key {
    char key[KEY_ID_SIZE];
    unsigned char bytes[PUBLIC_KEY_SIZE];
};

struct walk {
    struct db *db;
    const char *jurisdiction, *wanted_head;
    struct verification *verification;
    struct public_key keys[MOST_KEYS];
    size_t key_count;
    int64_t batch, sequence;
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
    verification->fault(words);
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

/* The entries of one batch: sequence without gaps, leaf = digest of the entry. Returns the root over recomputed leaves. */
static bool check_entries(struct walk *walk, const PGresult *entries, int from, int to, int64_t batch,
                          struct digest *ret_root)
{
    size_t count = (size_t)(to - from);
    struct digest *leaves = calloc(count ? count : 1, sizeof *leaves), stored;

    if (!leaves || count == 0) {
        free(leaves);
        verification_fault(walk->verification, "batch %lld has no entries", (long long)batch);
        return false;
    }
    for (int i = from; i < to; i++) {
        int64_t sequence = result_int64(entries, i, 1);
        const char *entry = PQgetvalue(entries, i, 2);

        if (sequence != walk->sequence + 1)
            verification_fault(walk->verification, "entry %lld: entries %lld to %lld are missing or moved",
                               (long long)sequence, (long long)walk->sequence + 1, (long long)sequence - 1);
        walk->sequence = sequence;
        leaves[i - from] = proof_leaf(entry, strlen(entry));
        if (!bytea_parse(PQgetvalue(entries, i, 3), stored.bytes, DIGEST_SIZE) ||
            memcmp(stored.bytes, leaves[i - from].bytes, DIGEST_SIZE) != 0)
            verification_fault(walk->verification, "entry %lld was changed: its content doesn't give its leaf",
                               (long long)sequence);
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
    if (walk->wanted_head && strcmp(walk->wanted_head, head_text) == 0)
        walk->verification->wanted_head_seen = true;
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
        PQclear(batches);
        PQclear(entries);
    }
}

/* The stored head must be the last batch's, and no entry may stand outside the batches. */
static bool check_head(struct walk *walk)
{
    static const struct db_statement stored = {
        "verify_head",
        "select sequence, batch, head, (select count(*) from tributary.log_entry e where e.jurisdiction = h.jurisdiction)"
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
    PQclear(result);
    return true;
}

/* Runs a query whose rows each name one thing that is wrong. */
static bool check_none(struct walk *walk, const struct db_statement *statement)
{
    PGresult *result = NULL;

    if (db_run(walk->db, statement, (const char *const[]){walk->jurisdiction}, &result) != DB_OK)
        return false;
    for (int i = 0; i < PQntuples(result); i++)
        verification_fault(walk->verification, "%s", PQgetvalue(result, i, 0));
    PQclear(result);
    return true;
}

static const struct db_statement revisions_without_entry = {
    "verify_revisions",
    "select format('revision %s (%s of %s): it isn''t what entry %s of the log says', r.id, r.number, r.office, r.sequence)"
    " from tributary.revision r join tributary.submission s using (submission)"
    " left join tributary.log_entry e on e.jurisdiction = r.jurisdiction and e.sequence = r.sequence"
    " where r.jurisdiction = $1 and (e.entry is null or ("
    "  e.entry::jsonb ->> 'submission' = r.id::text and e.entry::jsonb ->> 'revision' = r.number::text"
    "  and e.entry::jsonb ->> 'office' = r.office and e.entry::jsonb ->> 'form' = s.form and e.entry::jsonb ->> 'period' = s.period"
    "  and e.entry::jsonb ->> 'plan' = s.plan and e.entry::jsonb ->> 'plan_version' = r.plan_version::text"
    "  and e.entry::jsonb ->> 'event' is not distinct from s.event::text and e.entry::jsonb ->> 'actor' = r.token::text"
    "  and (e.entry::jsonb ->> 'recorded_at')::timestamptz = r.recorded_at"
    "  and (e.entry::jsonb ->> 'received_at')::timestamptz = r.received_at"
    "  and e.entry::jsonb ->> 'sha256' = encode(r.sha256, 'hex')"
    "  and e.entry::jsonb ->> 'document_sha256' = encode(r.document_sha256, 'hex')"
    "  and e.entry::jsonb ->> 'stored_sha256' = encode(r.stored_sha256, 'hex')"
    "  and sha256(convert_to(r.document, 'UTF8')) = r.stored_sha256) is not true) order by r.sequence",
    1};

static const struct db_statement entries_without_revision = {
    "verify_missing_revisions",
    "select format('entry %s of the log tells of revision %s, which is gone', e.sequence, e.entry::jsonb ->> 'submission')"
    " from tributary.log_entry e where e.jurisdiction = $1 and e.entry::jsonb ->> 'kind' = 'submission'"
    " and not exists (select from tributary.revision r where r.id::text = e.entry::jsonb ->> 'submission' and r.sequence = e.sequence)"
    " order by e.sequence",
    1};

static const struct db_statement plans_without_entry = {
    "verify_plans",
    "select format('plan %s version %s isn''t what entry %s of the log says', p.plan, p.version, p.sequence)"
    " from tributary.plan_version p left join tributary.log_entry e on e.jurisdiction = p.jurisdiction and e.sequence = p.sequence"
    " where p.jurisdiction = $1 and (e.entry is null or (e.entry::jsonb ->> 'plan' = p.plan"
    "  and e.entry::jsonb ->> 'plan_version' = p.version::text and e.entry::jsonb ->> 'sha256' = encode(p.sha256, 'hex')"
    "  and (e.entry::jsonb ->> 'recorded_at')::timestamptz = p.recorded_at"
    "  and sha256(convert_to(p.document, 'UTF8')) = p.sha256) is not true) order by p.sequence",
    1};

static const struct db_statement entries_without_plan = {
    "verify_missing_plans",
    "select format('entry %s of the log tells of plan %s version %s, which is gone', e.sequence, e.entry::jsonb ->> 'plan',"
    " e.entry::jsonb ->> 'plan_version') from tributary.log_entry e"
    " where e.jurisdiction = $1 and e.entry::jsonb ->> 'kind' = 'plan'"
    " and not exists (select from tributary.plan_version p where p.jurisdiction = e.jurisdiction and p.sequence = e.sequence)"
    " order by e.sequence",
    1};

/* The rows that figures are grouped by, derived a second time from the plan's document. */
static const struct db_statement units_changed = {
    "verify_units",
    "with plan as (select p.jurisdiction, p.plan, p.version, p.document::jsonb as document from tributary.plan_version p"
    "  where p.jurisdiction = $1 and sha256(convert_to(p.document, 'UTF8')) = p.sha256),"
    " office as (select p.*, o.value ->> 'code' as office, o.ordinality::integer - 1 as place,"
    "   coalesce((o.value ->> 'from')::integer, (p.document #>> '{years,from}')::integer) as first,"
    "   coalesce((o.value ->> 'to')::integer, (p.document #>> '{years,to}')::integer) as last"
    "  from plan p cross join jsonb_array_elements(p.document -> 'offices') with ordinality o),"
    " said as ("
    "  select o.plan, o.version, 'office' as level, o.office as unit, o.place as unit_place, o.office, o.place, o.first, o.last"
    "  from office o"
    "  union all"
    "  select o.plan, o.version, 'city', w.value ->> 'code', w.ordinality::integer - 1, o.office, o.place, o.first, o.last"
    "  from office o cross join jsonb_array_elements(o.document -> 'wholes') with ordinality w"
    "  where not coalesce(w.value -> 'except', '[]') ? o.office"
    "  union all"
    "  select o.plan, o.version, 'group', g.value ->> 'code', g.ordinality::integer - 1, o.office, o.place,"
    "   greatest(o.first, (m.value ->> 'from')::integer), least(o.last, (m.value ->> 'to')::integer)"
    "  from office o cross join jsonb_array_elements(o.document -> 'groups') with ordinality g"
    "  cross join jsonb_array_elements(g.value -> 'members') m where m.value ->> 'office' = o.office"
    "   and greatest(o.first, (m.value ->> 'from')::integer) <= least(o.last, (m.value ->> 'to')::integer)),"
    " stored as (select plan, version, level, unit, unit_order, office, office_order, from_year, to_year"
    "  from tributary.plan_unit_office where jurisdiction = $1)"
    " select distinct format('plan %s version %s: who stands behind %s was changed', plan, version, unit)"
    " from ((table said except table stored) union all (table stored except table said)) changed",
    1};

static const struct db_statement forms_changed = {
    "verify_forms",
    "with said as (select p.plan, p.version, f ->> 'code' as form,"
    "   (select array_agg(o.value order by o.ordinality)"
    "    from jsonb_array_elements_text(f -> 'owed_by') with ordinality o) as owed_by"
    "  from tributary.plan_version p cross join jsonb_array_elements(p.document::jsonb -> 'forms') f"
    "  where p.jurisdiction = $1 and sha256(convert_to(p.document, 'UTF8')) = p.sha256),"
    " stored as (select plan, version, form, owed_by from tributary.plan_form where jurisdiction = $1)"
    " select distinct format('plan %s version %s: who owes form %s was changed', plan, version, form)"
    " from ((table said except table stored) union all (table stored except table said)) changed",
    1};

/* What moments of the past are asked by. */
static const struct db_statement moments_not_rising = {
    "verify_moments",
    "select format('entry %s of the log isn''t later than the one before', m.sequence) from ("
    "  select e.sequence, (e.entry::jsonb ->> 'recorded_at')::timestamptz as moment,"
    "   lag((e.entry::jsonb ->> 'recorded_at')::timestamptz) over (order by e.sequence) as before"
    "  from tributary.log_entry e where e.jurisdiction = $1) m"
    " where m.moment <= m.before order by m.sequence",
    1};

static const struct db_statement personal_changed = {
    "verify_personal",
    "select format('personal value %s of revision %s was changed: it doesn''t give its digest', v.path, v.revision)"
    " from tributary.personal_value v where v.jurisdiction = $1 and v.value is not null"
    " and sha256(v.salt || convert_to(v.value, 'UTF8')) <> v.digest",
    1};

/* A document that was changed is a fault already, and perhaps no JSON. */
static const struct db_statement personal_gone = {
    "verify_missing_personal",
    "select format('revision %s: the personal value of digest %s is gone, and was not erased', r.id, cell #>> '{}')"
    " from tributary.revision r"
    " cross join lateral (select case when sha256(convert_to(r.document, 'UTF8')) = r.stored_sha256 then r.document::jsonb end) d (document)"
    " cross join lateral (select jsonb_path_query(d.document, 'lax $.fields.*.personal')"
    "  union all select jsonb_path_query(d.document, 'lax $.tables.*[*].*.personal')) c (cell)"
    " where r.jurisdiction = $1 and not exists (select from tributary.personal_value v"
    "  where v.revision = r.id and encode(v.digest, 'hex') = cell #>> '{}') order by r.sequence",
    1};

static bool count_things(struct walk *walk)
{
    static const struct db_statement count = {
        "verify_count",
        "select (select count(*) from tributary.revision where jurisdiction = $1), (select count(*) from tributary.plan_version where"
        " jurisdiction = $1)",
        1};
    PGresult *result = NULL;

    if (db_run(walk->db, &count, (const char *const[]){walk->jurisdiction}, &result) != DB_OK)
        return false;
    walk->verification->revisions += (size_t)result_int64(result, 0, 0);
    walk->verification->plan_versions += (size_t)result_int64(result, 0, 1);
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

bool verify_log(struct db *db, const char *jurisdiction, const char *wanted_head, const char *own_key,
                struct verification *verification)
{
    struct walk walk = {
        .db = db, .jurisdiction = jurisdiction, .wanted_head = wanted_head, .verification = verification};
    bool walked = read_keys(&walk) && walk_batches(&walk) && check_head(&walk);

    if (walked)
        check_own_key(&walk, own_key);
    return walked && check_none(&walk, &revisions_without_entry) && check_none(&walk, &entries_without_revision) &&
           check_none(&walk, &plans_without_entry) && check_none(&walk, &entries_without_plan) &&
           check_none(&walk, &units_changed) && check_none(&walk, &forms_changed) &&
           check_none(&walk, &moments_not_rising) && check_none(&walk, &personal_changed) &&
           check_none(&walk, &personal_gone) && count_things(&walk);
}
