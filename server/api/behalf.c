/* behalf.c: what the Gender Equality Office says when it hands in for an office. */
#include "api/behalf.h"

#include <stdlib.h>
#include <string.h>

#include "api/common.h"
#include "api/members.h"
#include "api/recording.h"
#include "standing/attestations.h"

enum { MOST_REASON_CHARACTERS = 2000 };

bool may_hand_in(const struct request *request, const struct document *document)
{
    const struct principal *principal = &request->principal;

    return principal->role == ROLE_GEO ||
           (principal->role == ROLE_OFFICE &&
            (!document || !document->office || strcmp(document->office->code, principal->office) == 0));
}

static size_t count_characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

bool check_reason(struct request *request, const char *name, const char *reason)
{
    if (reason && count_characters(reason) <= MOST_REASON_CHARACTERS && reason[strspn(reason, " \t\r\n")])
        return true;
    members_refuse(request, name,
                   arena_format(request->arena, bilingual(request, "1–%d 字的事由", "a reason of 1–%d characters"),
                                MOST_REASON_CHARACTERS));
    return false;
}

static bool read_attested(struct request *request, struct hand_in *hand_in)
{
    const char *reason = request_query(request, "received_reason");
    timestamp moment;
    bool given;

    if (!read_moment_parameter(request, "received_at", &moment, &given))
        return false;
    if (!given && !reason)
        return true;
    if (!given) {
        reply_bad_parameter(request, "received_at", "received_reason");
        return false;
    }
    if (!check_reason(request, "received_reason", reason))
        return false;

    timestamp *kept = arena_alloc(request->arena, sizeof *kept);

    if (!kept) {
        reply_problem(request, PROBLEM_internal, NULL);
        return false;
    }
    *kept = moment;
    hand_in->attested_at = kept;
    hand_in->attested_reason = reason;
    hand_in->attested_by = request->principal.label;
    return true;
}

bool read_behalf(struct request *request, struct hand_in *hand_in)
{
    bool on_behalf;

    if (!read_flag(request, "on_behalf", &on_behalf) || !read_attested(request, hand_in))
        return false;
    if ((on_behalf || hand_in->attested_at) && request->principal.role != ROLE_GEO) {
        reply_problem(request, PROBLEM_forbidden, NULL);
        return false;
    }
    return true;
}

bool check_attested(struct request *request, const struct plan *plan, struct period period, timestamp attested_at,
                    timestamp received_at)
{
    timestamp earliest = attestation_earliest(plan, period);
    char text[TIMESTAMP_TEXT_SIZE];

    if (attested_at >= earliest && attested_at < received_at)
        return true;
    timestamp_format(attested_at < earliest ? earliest : received_at, text);
    reply_problem(request, attested_at < earliest ? PROBLEM_attested_too_early : PROBLEM_attested_not_earlier, text);
    return false;
}

const char *attested_text(struct request *request, const struct hand_in *hand_in)
{
    char received_at[TIMESTAMP_TEXT_SIZE], recorded_at[TIMESTAMP_TEXT_SIZE];

    if (!hand_in->attested_at)
        return NULL;
    timestamp_format(*hand_in->attested_at, received_at);
    timestamp_format(hand_in->job.recorded_at, recorded_at);

    json_t *json = json_pack("{ss ss ss ss}", "received_at", received_at, "reason", hand_in->attested_reason, "by",
                             hand_in->attested_by, "recorded_at", recorded_at);
    char *dump = json ? json_dumps(json, JSON_COMPACT) : NULL;
    const char *text = dump ? arena_text(request->arena, dump) : NULL;

    json_decref(json);
    free(dump);
    return text;
}

/* The revision that is there: its id, number and moment; null if there is none. */
static json_t *current_to_json(const struct hand_in *hand_in)
{
    char recorded_at[TIMESTAMP_TEXT_SIZE];

    if (hand_in->number == 0)
        return json_null();
    timestamp_format(hand_in->job.recorded_at, recorded_at);
    return json_pack("{ss si ss}", "submission", hand_in->current_id, "revision", hand_in->number, "recorded_at",
                     recorded_at);
}

enum step_result reply_revision_conflict(struct request *request, const struct hand_in *hand_in)
{
    static const char *const words[] = {"目前版本是第 %d 版，您是以第 %d 版為底",
                                        "The current revision is %d; this was made from %d"};

    return reply_problem_with(request, PROBLEM_revision_conflict,
                              arena_format(request->arena, words[request->language], hand_in->number, hand_in->base),
                              json_pack("{so}", "current", current_to_json(hand_in)));
}

enum step_result reply_attest_afterwards(struct request *request, const struct hand_in *hand_in)
{
    return reply_problem_with(request, PROBLEM_attest_afterwards, NULL,
                              json_pack("{so}", "current", current_to_json(hand_in)));
}
