/* hand_in.c: a hand-in in the shapes that the store and the log keep, and its one statement. */
#include "ledger/hand_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

enum { ENTRY_LIMIT = 64 * 1024, ELEMENTS_LIMIT = 16 * 1024 * 1024 };

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

bool hand_in_on_behalf(const struct hand_in *hand_in)
{
    return hand_in->job.principal->role == ROLE_GEO;
}

/* What the entry says besides: only what is so. Reasons may name people, and are there as hashes. */
static void add_standing(json_t *entry, const struct hand_in *hand_in)
{
    char received_at[TIMESTAMP_TEXT_SIZE], reason[DIGEST_TEXT_SIZE], by[DIGEST_TEXT_SIZE];
    struct digest digest;

    if (hand_in_on_behalf(hand_in))
        json_object_set_new(entry, "on_behalf", json_true());
    if (hand_in->withdrawn)
        json_object_set_new(entry, "withdrawn", json_true());
    if (!hand_in->attested_at)
        return;
    timestamp_format(*hand_in->attested_at, received_at);
    digest = digest_of(hand_in->attested_reason, strlen(hand_in->attested_reason));
    digest_format(&digest, reason);
    digest = digest_of(hand_in->attested_by, strlen(hand_in->attested_by));
    digest_format(&digest, by);
    json_object_set_new(entry, "attested",
                        json_pack("{ss ss ss}", "received_at", received_at, "reason_sha256", reason, "by_sha256", by));
}

static bool write_entry(struct hand_in *hand_in)
{
    char recorded_at[TIMESTAMP_TEXT_SIZE], received_at[TIMESTAMP_TEXT_SIZE];
    char sha256[DIGEST_TEXT_SIZE], document_sha256[DIGEST_TEXT_SIZE], stored_sha256[DIGEST_TEXT_SIZE];
    struct buffer text = BUFFER_WITH_LIMIT(ENTRY_LIMIT);

    timestamp_format(hand_in->job.recorded_at, recorded_at);
    timestamp_format(hand_in->received_at, received_at);
    digest_format(&hand_in->sha256, sha256);
    digest_format(&hand_in->document_sha256, document_sha256);
    digest_format(&hand_in->stored_sha256, stored_sha256);

    json_t *entry = json_pack(
        "{ss ss sI ss ss ss ss si ss ss ss ss? ss si ss? ss ss ss}", "kind", "submission", "jurisdiction",
        hand_in->job.principal->jurisdiction, "sequence", (json_int_t)hand_in->job.place.sequence, "recorded_at",
        recorded_at, "received_at", received_at, "actor", hand_in->job.principal->actor, "plan", hand_in->plan,
        "plan_version", hand_in->plan_version, "form", hand_in->form, "office", hand_in->office, "period",
        hand_in->period, "event", hand_in->event[0] ? hand_in->event : NULL, "submission", hand_in->id, "revision",
        hand_in->number, "replaces", hand_in->replaces[0] ? hand_in->replaces : NULL, "sha256", sha256,
        "document_sha256", document_sha256, "stored_sha256", stored_sha256);

    if (entry)
        add_standing(entry, hand_in);

    bool good =
        entry && (hand_in->passed < 0 || json_object_set_new(entry, "passed", json_integer(hand_in->passed)) == 0);
    good = good &&
           (!hand_in->prepared || (json_object_set_new(entry, "prepared", json_string(hand_in->prepared)) == 0 &&
                                   json_object_set_new(entry, "prepared_by", json_string(hand_in->prepared_by)) == 0));
    good = good && json_write_canonical(entry, &text);
    json_decref(entry);
    free(hand_in->job.entry);
    hand_in->job.entry = good ? buffer_take(&text, NULL) : NULL;
    buffer_free(&text);
    return hand_in->job.entry != NULL;
}

static const struct db_statement record_submission = {
    "record_submission",
    "select outcome, id, number, replaces, recorded_at, sequence from tributary.record_submission($1, $2::integer, $3, $4, $5, $6::uuid,"
    " $7::boolean, $8::integer, $9::uuid, $10::timestamptz, $11::timestamptz, $12::uuid, $13, $14::bytea, $15::bytea, $16::bytea,"
    " $17::bytea, $18, $19::integer, $20::integer, $21::boolean, $22::boolean, $23, $24::numeric[], $25::jsonb, $26::text[],"
    " $27::bigint, $28::bigint, $29::integer, $30, $31::timestamptz, $32, $33, $34::uuid)",
    34};

static bool send_hand_in(struct db *db, const struct job *job)
{
    const struct hand_in *hand_in = (const struct hand_in *)job;
    char version[16], base[16], fields[24], rows[24], judged_at[24], reviewed_at[24], passed[16],
        received[TIMESTAMP_TEXT_SIZE], clock[TIMESTAMP_TEXT_SIZE], attested[TIMESTAMP_TEXT_SIZE];
    char request_sha[BYTEA_TEXT_SIZE], sha[BYTEA_TEXT_SIZE], document_sha[BYTEA_TEXT_SIZE], stored_sha[BYTEA_TEXT_SIZE];

    snprintf(version, sizeof version, "%d", hand_in->plan_version);
    snprintf(base, sizeof base, "%d", hand_in->base);
    snprintf(fields, sizeof fields, "%zu", hand_in->field_count);
    snprintf(rows, sizeof rows, "%zu", hand_in->row_count);
    snprintf(judged_at, sizeof judged_at, "%llu", (unsigned long long)hand_in->judged_at);
    snprintf(reviewed_at, sizeof reviewed_at, "%lld", (long long)hand_in->reviewed_at);
    snprintf(passed, sizeof passed, "%d", hand_in->passed);
    timestamp_format(hand_in->received_at, received);
    if (job->sample_clock)
        timestamp_format(*job->sample_clock, clock);
    if (hand_in->attested_at)
        timestamp_format(*hand_in->attested_at, attested);
    bytea_format(job->request_sha256.bytes, DIGEST_SIZE, request_sha);
    bytea_format(hand_in->sha256.bytes, DIGEST_SIZE, sha);
    bytea_format(hand_in->document_sha256.bytes, DIGEST_SIZE, document_sha);
    bytea_format(hand_in->stored_sha256.bytes, DIGEST_SIZE, stored_sha);
    return db_pipeline_send(db, &record_submission,
                            (const char *const[]){hand_in->plan,
                                                  version,
                                                  hand_in->form,
                                                  hand_in->office,
                                                  hand_in->period,
                                                  hand_in->event[0] ? hand_in->event : NULL,
                                                  hand_in->new_event ? "t" : "f",
                                                  base,
                                                  hand_in->id,
                                                  received,
                                                  job->sample_clock ? clock : NULL,
                                                  job->principal->actor,
                                                  job->key,
                                                  request_sha,
                                                  sha,
                                                  document_sha,
                                                  stored_sha,
                                                  hand_in->document,
                                                  fields,
                                                  rows,
                                                  hand_in->reported ? "t" : "f",
                                                  hand_in->provisional ? "t" : "f",
                                                  hand_in->element_state,
                                                  hand_in->element_value,
                                                  hand_in->personal,
                                                  hand_in->beside_forms,
                                                  hand_in->beside_forms ? judged_at : NULL,
                                                  reviewed_at,
                                                  hand_in->passed < 0 ? NULL : passed,
                                                  hand_in->withdrawn,
                                                  hand_in->attested_at ? attested : NULL,
                                                  hand_in->attested_reason,
                                                  hand_in->attested_by,
                                                  hand_in->prepared});
}

static bool read_hand_in(struct job *job, const PGresult *result)
{
    struct hand_in *hand_in = (struct hand_in *)job;
    const char *id = result_text(result, 0, 1), *replaces = result_text(result, 0, 3);

    job->outcome = job_outcome_parse(PQgetvalue(result, 0, 0));
    snprintf(hand_in->current_id, sizeof hand_in->current_id, "%s", id ? id : "");
    snprintf(hand_in->replaces, sizeof hand_in->replaces, "%s", replaces ? replaces : "");
    hand_in->number = (int)result_int64(result, 0, 2);
    job->recorded_at = result_int64(result, 0, 4);
    job->place.sequence = (uint64_t)result_int64(result, 0, 5);
    return job->outcome != JOB_RECORDED || write_entry(hand_in);
}

static void describe_hand_in(const struct job *job, char *ret_words, size_t size)
{
    const struct hand_in *hand_in = (const struct hand_in *)job;

    snprintf(ret_words, size, "%s %s %s %s", hand_in->plan, hand_in->form, hand_in->office, hand_in->period);
}

const struct job_kind hand_in_job = {.send = send_hand_in, .read = read_hand_in, .describe = describe_hand_in};
