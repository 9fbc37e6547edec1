/* outbox_entry.c: an entry as a file. */
#include "outbox_entry.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/json.h"

enum { ENTRY_FORMAT = 1, MOST_HEAD_VALUES = 64 };

/* The texts of an entry's first line. */
static const struct {
    const char *key;
    size_t offset;
    bool needed;
} head_texts[] = {
    {"server", offsetof(struct outbox_entry, server), true},
    {"path", offsetof(struct outbox_entry, path), true},
    {"content_type", offsetof(struct outbox_entry, content_type), true},
    {"idempotency_key", offsetof(struct outbox_entry, idempotency_key), true},
    {"sample_clock", offsetof(struct outbox_entry, sample_clock), false},
    {"file", offsetof(struct outbox_entry, file), false},
    {"form", offsetof(struct outbox_entry, form), false},
    {"office", offsetof(struct outbox_entry, office), false},
    {"period", offsetof(struct outbox_entry, period), false},
    {"event", offsetof(struct outbox_entry, event), false},
    {"stored_at", offsetof(struct outbox_entry, stored_at), false},
};

enum { HEAD_TEXT_COUNT = sizeof head_texts / sizeof *head_texts };

static const char **text_of(struct outbox_entry *entry, size_t i)
{
    return (const char **)((char *)entry + head_texts[i].offset);
}

static json_t *head_of(struct outbox_entry *entry)
{
    char sha256[DIGEST_TEXT_SIZE];
    struct digest digest = digest_of(entry->body, entry->body_length);

    digest_format(&digest, sha256);

    json_t *head = json_pack("{si sI sI ss}", "format", ENTRY_FORMAT, "base", (json_int_t)entry->base, "length",
                             (json_int_t)entry->body_length, "sha256", sha256);

    for (size_t i = 0; head && i < HEAD_TEXT_COUNT; i++) {
        const char *text = *text_of(entry, i);

        /* A file's name may be no UTF-8; then it isn't kept. */
        if (text && json_object_set_new(head, head_texts[i].key, json_string(text)) != 0 && head_texts[i].needed) {
            json_decref(head);
            return NULL;
        }
    }
    return head;
}

bool outbox_entry_write(const struct outbox_entry *entry, struct buffer *out)
{
    struct outbox_entry copy = *entry;
    json_t *head = head_of(&copy);
    char *line = head ? json_dumps(head, JSON_COMPACT) : NULL;
    bool good = line && buffer_append_text(out, line) && buffer_append_char(out, '\n') &&
                buffer_append(out, entry->body, entry->body_length);

    free(line);
    json_decref(head);
    return good;
}

static bool body_is_whole(const json_t *head, const char *body, size_t length)
{
    const char *sha256 = json_text_member(head, "sha256");
    struct digest expected, found = digest_of(body, length);

    return json_integer_value(json_object_get(head, "length")) == (json_int_t)length && sha256 &&
           digest_parse(sha256, &expected) && memcmp(expected.bytes, found.bytes, DIGEST_SIZE) == 0;
}

static int take_texts(struct arena *arena, const json_t *head, struct outbox_entry *entry)
{
    for (size_t i = 0; i < HEAD_TEXT_COUNT; i++) {
        const char *text = json_text_member(head, head_texts[i].key);

        if (!text && head_texts[i].needed)
            return EBADMSG;
        *text_of(entry, i) = arena_text(arena, text);
        if (text && !*text_of(entry, i))
            return ENOMEM;
    }
    return 0;
}

int outbox_entry_parse(struct arena *arena, const char *bytes, size_t length, struct outbox_entry *ret_entry)
{
    const char *end = memchr(bytes, '\n', length);
    struct json_fault fault;
    json_t *head = end ? json_parse_strict(bytes, (size_t)(end - bytes), MOST_HEAD_VALUES, &fault) : NULL;
    struct outbox_entry entry = {0};
    int error = EBADMSG;

    if (head && json_integer_value(json_object_get(head, "format")) == ENTRY_FORMAT) {
        entry.body = end + 1;
        entry.body_length = length - (size_t)(end + 1 - bytes);
        entry.base = json_integer_value(json_object_get(head, "base"));
        error = body_is_whole(head, entry.body, entry.body_length) ? take_texts(arena, head, &entry) : EBADMSG;
    }
    json_decref(head);
    if (!error)
        *ret_entry = entry;
    return error;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

bool outbox_same_report(const struct outbox_entry *a, const struct outbox_entry *b)
{
    return a->form && a->office && a->period && same_text(a->server, b->server) && same_text(a->form, b->form) &&
           same_text(a->office, b->office) && same_text(a->period, b->period) && same_text(a->event, b->event);
}
