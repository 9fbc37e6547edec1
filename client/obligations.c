/* obligations.c: one question to the server and the words for its answers. */
#include "obligations.h"

#include <string.h>
#include <time.h>

#include "base/json.h"
#include "export.h"
#include "fetch.h"
#include "url.h"

enum exit_status obligations_ask(struct client *client, const struct plan *plan, const char *rest, const char *year,
                                 const char *by, json_t **ret_answer)
{
    const struct url_parameter parameters[] = {{"year", year},
                                               {"by", by},
                                               {"office", by ? NULL : client_option(client, "office")},
                                               {"form", client_option(client, "form")},
                                               {"as_of", client_option(client, "as-of")}};
    const char *part = url_part(client->arena, plan->code);
    const char *path = part ? arena_format(client->arena, "/v1/plans/%s/%s", part, rest) : NULL;

    path = path ? url_query(client->arena, path, parameters, sizeof parameters / sizeof *parameters) : NULL;
    *ret_answer = NULL;
    return export_is_asked(client) ? export_answer(client, path) : fetch_json(client, path, ret_answer);
}

static bool says(const json_t *obligation, const char *member, const char *word)
{
    const char *text = json_text_member(obligation, member);

    return text && strcmp(text, word) == 0;
}

enum standing obligation_standing(const json_t *obligation)
{
    static const struct {
        const char *member, *word;
        enum standing standing;
    } standings[] = {
        {"timeliness", "on_time", STANDING_ON_TIME}, {"timeliness", "excused", STANDING_EXCUSED},
        {"timeliness", "late", STANDING_LATE},       {"due", "past_due", STANDING_OVERDUE},
        {"due", "due_soon", STANDING_DUE_SOON},
    };

    for (size_t i = 0; i < sizeof standings / sizeof *standings; i++)
        if (says(obligation, standings[i].member, standings[i].word))
            return standings[i].standing;
    return json_is_true(json_object_get(obligation, "provisional")) ? STANDING_PROVISIONAL : STANDING_NOT_DUE;
}

const char *standing_word(struct client *client, enum standing standing)
{
    static const enum message words[STANDING_COUNT] = {
        [STANDING_ON_TIME] = MESSAGE_state_on_time,   [STANDING_EXCUSED] = MESSAGE_state_excused,
        [STANDING_LATE] = MESSAGE_state_late,         [STANDING_OVERDUE] = MESSAGE_state_overdue,
        [STANDING_DUE_SOON] = MESSAGE_state_due_soon, [STANDING_PROVISIONAL] = MESSAGE_state_provisional,
        [STANDING_NOT_DUE] = MESSAGE_state_not_due};

    return message_text(words[standing], client->language);
}

const char *standing_sign(struct client *client, enum standing standing)
{
    static const enum message signs[STANDING_COUNT] = {
        [STANDING_ON_TIME] = MESSAGE_cell_on_time,   [STANDING_EXCUSED] = MESSAGE_cell_excused,
        [STANDING_LATE] = MESSAGE_cell_late,         [STANDING_OVERDUE] = MESSAGE_cell_overdue,
        [STANDING_DUE_SOON] = MESSAGE_cell_due_soon, [STANDING_PROVISIONAL] = MESSAGE_cell_provisional,
        [STANDING_NOT_DUE] = MESSAGE_cell_not_due};

    return message_text(signs[standing], client->language);
}

int days_until(struct client *client, const struct plan *plan, const char *date)
{
    const char *as_of = client_option(client, "as-of");
    timestamp now = (timestamp)time(NULL) * 1000000;
    struct date due;

    if (as_of && !timestamp_parse(as_of, &now))
        return 0;
    return date && date_parse_iso(date, &due) ? date_days_between(calendar_day_of(&plan->calendar, now), due) : 0;
}
