/* act.c: an act's statement, its answer and its entry. */
#include "ledger/act.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"

enum { ENTRY_LIMIT = 256 * 1024 };

static bool send_act(struct db *db, const struct job *job)
{
    const struct act *act = (const struct act *)job;

    return db_pipeline_send(db, act->statement, act->parameters);
}

char *act_entry(const struct act_place *place, const char *said)
{
    char recorded_at[TIMESTAMP_TEXT_SIZE];
    struct buffer text = BUFFER_WITH_LIMIT(ENTRY_LIMIT);
    json_t *entry = json_loads(said, JSON_REJECT_DUPLICATES, NULL);

    timestamp_format(place->recorded_at, recorded_at);

    json_t *head = json_pack("{ss ss sI ss ss}", "kind", place->kind, "jurisdiction", place->jurisdiction, "sequence",
                             (json_int_t)place->sequence, "recorded_at", recorded_at, "actor", place->actor);
    bool good = entry && head && json_object_update_missing(head, entry) == 0 && json_write_canonical(head, &text);
    char *written = good ? buffer_take(&text, NULL) : NULL;

    json_decref(entry);
    json_decref(head);
    buffer_free(&text);
    return written;
}

static bool write_entry(struct act *act, const char *said)
{
    struct job *job = &act->job;
    struct act_place place = {.kind = act->kind,
                              .jurisdiction = job->principal->jurisdiction,
                              .actor = job->principal->actor,
                              .sequence = job->place.sequence,
                              .recorded_at = job->recorded_at};

    free(job->entry);
    job->entry = act_entry(&place, said);
    return job->entry != NULL;
}

/* outcome, id, recorded_at, sequence, said */
static bool read_act(struct job *job, const PGresult *result)
{
    struct act *act = (struct act *)job;
    const char *word = PQgetvalue(result, 0, 0), *id = result_text(result, 0, 1), *said = result_text(result, 0, 4);

    job->outcome = job_outcome_parse(word);
    if (job->outcome > JOB_IDEMPOTENCY_CONFLICT) { /* whatever else a hand-in may come to is a reason here */
        job->outcome = JOB_REFUSED;
        snprintf(act->reason, sizeof act->reason, "%s", word);
    }
    snprintf(act->id, sizeof act->id, "%s", id ? id : "");
    job->recorded_at = result_int64(result, 0, 2);
    job->place.sequence = (uint64_t)result_int64(result, 0, 3);
    return job->outcome != JOB_RECORDED || write_entry(act, said ? said : "{}");
}

static void describe_act(const struct job *job, char *ret_words, size_t size)
{
    const struct act *act = (const struct act *)job;

    snprintf(ret_words, size, "%s", act->kind);
}

const struct job_kind act_job = {.send = send_act, .read = read_act, .describe = describe_act};
