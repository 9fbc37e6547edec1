/* hand_in.c: a hand-in in the shapes that the store and the log keep. */
#include "ledger/hand_in.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"

enum { ENTRY_LIMIT = 64 * 1024, ELEMENTS_LIMIT = 16 * 1024 * 1024 };

void uuid_make(char ret_text[static UUID_TEXT_SIZE])
{
    unsigned char bytes[16];
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    randombytes_buf(bytes, sizeof bytes);
    uint64_t milliseconds = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;

    for (int i = 5; i >= 0; i--, milliseconds >>= 8)
        bytes[i] = (unsigned char)(milliseconds & 0xff);
    bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x70);
    bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
    snprintf(ret_text, UUID_TEXT_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", bytes[0],
             bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7], bytes[8], bytes[9], bytes[10],
             bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]);
}

bool hand_in_set_elements(struct hand_in *hand_in, const struct document *document, struct arena *arena)
{
    static const char letters[] = {
        [CELL_BLANK] = 'b', [CELL_VALUE] = 'v', [CELL_NOT_YET] = 'n', [CELL_NOT_APPLICABLE] = 'x'};
    const struct form *form = document->form;
    struct element_value *values = document_elements(document, arena);
    struct buffer list = BUFFER_WITH_LIMIT(ELEMENTS_LIMIT);
    int width = 0;

    for (size_t i = 0; i < form->element_count; i++)
        if (form->elements[i].position > width)
            width = form->elements[i].position;

    char *states = arena_alloc(arena, (size_t)width + 1);
    const struct element_value **by_position = arena_alloc_array(arena, (size_t)width + 1, sizeof *by_position);

    if (!values || !states || !by_position)
        return false;
    memset(states, 'b', (size_t)width);
    for (size_t i = 0; i < form->element_count; i++) {
        int position = form->elements[i].position;

        if (position < 1)
            continue;
        states[position - 1] = letters[values[i].state];
        by_position[position - 1] = &values[i];
    }
    buffer_append_char(&list, '{');
    for (int p = 0; p < width; p++) {
        char text[DECIMAL_TEXT_SIZE] = "NULL";

        if (by_position[p] && by_position[p]->state == CELL_VALUE)
            decimal_format(by_position[p]->value, text);
        buffer_append_format(&list, "%s%s", p ? "," : "", text);
    }
    buffer_append_char(&list, '}');
    hand_in->element_state = states;
    hand_in->element_value = list.failed ? NULL : arena_copy(arena, list.data, list.length);
    buffer_free(&list);
    return hand_in->element_value != NULL;
}

bool hand_in_write_entry(struct hand_in *hand_in)
{
    char recorded_at[TIMESTAMP_TEXT_SIZE], received_at[TIMESTAMP_TEXT_SIZE];
    char sha256[DIGEST_TEXT_SIZE], document_sha256[DIGEST_TEXT_SIZE], stored_sha256[DIGEST_TEXT_SIZE];
    struct buffer text = BUFFER_WITH_LIMIT(ENTRY_LIMIT);

    timestamp_format(hand_in->recorded_at, recorded_at);
    timestamp_format(hand_in->received_at, received_at);
    digest_format(&hand_in->sha256, sha256);
    digest_format(&hand_in->document_sha256, document_sha256);
    digest_format(&hand_in->stored_sha256, stored_sha256);

    json_t *entry =
        json_pack("{ss ss sI ss ss ss ss si ss ss ss ss? ss si ss? ss ss ss}", "kind", "submission", "jurisdiction",
                  hand_in->principal->jurisdiction, "sequence", (json_int_t)hand_in->place.sequence, "recorded_at",
                  recorded_at, "received_at", received_at, "actor", hand_in->principal->token, "plan", hand_in->plan,
                  "plan_version", hand_in->plan_version, "form", hand_in->form, "office", hand_in->office, "period",
                  hand_in->period, "event", hand_in->event[0] ? hand_in->event : NULL, "submission", hand_in->id,
                  "revision", hand_in->number, "replaces", hand_in->replaces[0] ? hand_in->replaces : NULL, "sha256",
                  sha256, "document_sha256", document_sha256, "stored_sha256", stored_sha256);
    bool good = entry && json_write_canonical(entry, &text);

    json_decref(entry);
    free(hand_in->entry);
    hand_in->entry = good ? buffer_take(&text, NULL) : NULL;
    buffer_free(&text);
    return hand_in->entry != NULL;
}
