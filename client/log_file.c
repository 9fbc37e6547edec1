/* log_file.c: line after line: entries give leaves, leaves the root of their batch, that its head, the heads a chain. */
#include "log_file.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "keys.h"

enum { LINE_VALUES = 10000, BATCH_MOST = 1 << PROOF_MOST_STEPS };

struct walk {
    struct client *client;
    struct log_proof *proof;
    json_t *batch; /* whose entries are coming; NULL before the first */
    struct digest *leaves, head;
    size_t leaf_count, leaf_capacity;
    int64_t sequence;
    bool begun;
};

static const char *number(struct client *client, int64_t value)
{
    return arena_format(client->arena, "%" PRId64, value);
}

#define fault(walk, message, ...)                                                                                      \
    do {                                                                                                               \
        (walk)->proof->faults++;                                                                                       \
        client_say((walk)->client, message, __VA_ARGS__);                                                              \
    } while (0)

static int64_t integer(const json_t *line, const char *member)
{
    return json_integer_value(json_object_get(line, member));
}

static bool read_digest(const json_t *line, const char *member, struct digest *ret_digest)
{
    const char *text = json_text_member(line, member);

    return text && digest_parse(text, ret_digest);
}

static bool find_key(struct walk *walk, const char *id, unsigned char key[static PUBLIC_KEY_SIZE])
{
    return walk->proof->keys ? keys_find_in(walk->proof->keys, id, key) : keys_find(walk->client, id, key);
}

static void check_signature(struct walk *walk, const char *batch, const struct digest *head)
{
    const json_t *signature = json_object_get(walk->batch, "signature");
    const char *id = json_text_member(signature, "key"), *text = json_text_member(signature, "ed25519");
    unsigned char bytes[SIGNATURE_SIZE], key[PUBLIC_KEY_SIZE];
    size_t length = 0;
    bool readable = id && text &&
                    sodium_base642bin(bytes, sizeof bytes, text, strlen(text), NULL, &length, NULL,
                                      sodium_base64_VARIANT_ORIGINAL) == 0 &&
                    length == sizeof bytes;
    bool known = readable && find_key(walk, id, key);

    if (readable && !known) {
        if (strcmp(walk->proof->key_missing, id) != 0)
            fault(walk, key_unknown, id);
        snprintf(walk->proof->key_missing, sizeof walk->proof->key_missing, "%s", id);
    } else if (!readable || !proof_signature_holds(bytes, walk->proof->jurisdiction, head, key)) {
        fault(walk, log_fault_signature, batch);
    }
}

/* The entries of a batch are all there: they must give its head. */
static void close_batch(struct walk *walk)
{
    const char *batch = number(walk->client, integer(walk->batch, "batch")),
               *text = json_text_member(walk->batch, "head");
    int64_t first = integer(walk->batch, "first"), last = integer(walk->batch, "last");
    struct digest stated = {{0}}, previous = walk->head;

    walk->proof->batches++;
    if (walk->leaf_count == 0 || (int64_t)walk->leaf_count != last - first + 1) {
        fault(walk, log_fault_batch, batch);
    } else {
        struct digest root = proof_root(walk->leaves, walk->leaf_count),
                      head = proof_head(&previous, &root, (uint64_t)first, (uint64_t)last);

        if (!read_digest(walk->batch, "head", &stated) || memcmp(stated.bytes, head.bytes, DIGEST_SIZE) != 0)
            fault(walk, log_fault_batch, batch);
    }
    if (read_digest(walk->batch, "head", &stated))
        check_signature(walk, batch, &stated);
    if (walk->proof->wanted && text && strcmp(text, walk->proof->wanted) == 0)
        walk->proof->wanted_seen = true;
    snprintf(walk->proof->head, sizeof walk->proof->head, "%s", text ? text : "");
    walk->head = stated;
    walk->leaf_count = 0;
    json_decref(walk->batch);
    walk->batch = NULL;
}

static void take_batch(struct walk *walk, json_t *line)
{
    struct digest previous = {{0}};

    if (walk->batch)
        close_batch(walk);
    if (!read_digest(line, "previous", &previous) || memcmp(previous.bytes, walk->head.bytes, DIGEST_SIZE) != 0 ||
        integer(line, "first") != walk->sequence + 1)
        fault(walk, log_fault_chain, number(walk->client, integer(line, "batch")));
    walk->head = previous;
    walk->batch = json_incref(line);
}

static bool keep_leaf(struct walk *walk, const struct digest *leaf)
{
    if (walk->leaf_count == walk->leaf_capacity) {
        size_t capacity = walk->leaf_capacity ? 2 * walk->leaf_capacity : 256;
        struct digest *leaves = capacity <= BATCH_MOST ? realloc(walk->leaves, capacity * sizeof *leaves) : NULL;

        if (!leaves)
            return false;
        walk->leaves = leaves;
        walk->leaf_capacity = capacity;
    }
    walk->leaves[walk->leaf_count++] = *leaf;
    return true;
}

/* Whether the text says the number that it stands at. */
static bool says_its_number(const char *text, int64_t sequence)
{
    json_t *entry = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    bool same = entry && integer(entry, "sequence") == sequence;

    json_decref(entry);
    return same;
}

static bool take_entry(struct walk *walk, const json_t *line)
{
    const char *text = json_text_member(line, "entry"), *name = number(walk->client, integer(line, "sequence"));
    struct digest stated = {{0}}, leaf;
    int64_t sequence = integer(line, "sequence");
    bool readable = read_digest(line, "leaf", &stated);

    if (sequence != walk->sequence + 1)
        fault(walk, log_fault_gap, name, number(walk->client, walk->sequence));
    leaf = text ? proof_leaf(text, strlen(text)) : stated;
    if (!readable || memcmp(leaf.bytes, stated.bytes, DIGEST_SIZE) != 0 || (text && !says_its_number(text, sequence)))
        fault(walk, log_fault_entry, name);
    walk->proof->pruned += text == NULL;
    walk->proof->entries++;
    walk->sequence = sequence;
    return keep_leaf(walk, &leaf);
}

static void take_first(struct walk *walk, const json_t *line)
{
    const char *jurisdiction = json_text_member(line, "jurisdiction");

    snprintf(walk->proof->jurisdiction, sizeof walk->proof->jurisdiction, "%s", jurisdiction ? jurisdiction : "");
    walk->proof->first = integer(line, "first");
    walk->sequence = walk->proof->first ? walk->proof->first - 1 : 0;
    read_digest(line, "previous", &walk->head);
    walk->begun = true;
}

static void take_last(struct walk *walk, const json_t *line)
{
    const char *head = json_text_member(line, "head");

    if (walk->batch)
        close_batch(walk);
    walk->proof->last = integer(line, "last");
    walk->proof->whole = walk->proof->entries == 0
                             ? !head
                             : walk->proof->last == walk->sequence && head && strcmp(head, walk->proof->head) == 0;
}

/* False: the line isn't one of an exported log, or memory is short. */
static bool take_line(struct walk *walk, json_t *line)
{
    const char *type = json_text_member(line, "type");

    if (!type || walk->proof->whole || !walk->begun != (strcmp(type, "log") == 0))
        return false;
    if (strcmp(type, "log") == 0)
        take_first(walk, line);
    else if (strcmp(type, "batch") == 0)
        take_batch(walk, line);
    else if (strcmp(type, "entry") == 0)
        return walk->batch && take_entry(walk, line);
    else if (strcmp(type, "end") == 0)
        take_last(walk, line);
    return true;
}

static bool take_lines(struct walk *walk, const char *bytes, size_t length)
{
    const char *end = bytes + length;
    bool good = true;

    for (size_t count = 1; good && bytes < end; count++) {
        const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
        size_t line_length = (size_t)((newline ? newline : end) - bytes);
        struct json_fault unread;
        json_t *line = json_parse_strict(bytes, line_length, LINE_VALUES, &unread);

        good = line && take_line(walk, line);
        if (!good)
            fault(walk, log_fault_line, number(walk->client, (int64_t)count));
        json_decref(line);
        bytes += line_length + 1;
    }
    return good;
}

enum exit_status log_file_prove(struct client *client, const char *bytes, size_t length, struct log_proof *proof)
{
    struct walk walk = {.client = client, .proof = proof};
    bool read = take_lines(&walk, bytes, length);

    json_decref(walk.batch);
    free(walk.leaves);
    if (read && !proof->whole)
        fault(&walk, log_fault_cut_off, number(client, walk.sequence));
    if (proof->wanted && !proof->wanted_seen)
        fault(&walk, log_fault_head, proof->wanted);
    return proof->faults ? EXIT_REFUSED : EXIT_DONE;
}
