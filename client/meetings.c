/* meetings.c: naming meetings, and telling of them. */
#include "meetings.h"

#include <string.h>

#include "base/json.h"
#include "bodies.h"
#include "fetch.h"
#include "naming.h"
#include "units.h"

const char *meetings_path(struct client *client, const struct plan *plan, const char *rest,
                          const struct url_parameter *parameters, size_t count)
{
    const char *part = url_part(client->arena, plan->code);
    const char *path = part ? arena_format(client->arena, "/v1/plans/%s/%s", part, rest) : NULL;

    return path ? url_query(client->arena, path, parameters, count) : NULL;
}

const char *meeting_path(struct client *client, const char *id, const char *rest)
{
    const char *part = url_part(client->arena, id);

    return part ? arena_format(client->arena, "/v1/meetings/%s%s%s", part, rest ? "/" : "", rest ? rest : "") : NULL;
}

/* ---- what the person names --------------------------------------------------------------------------------------- */

/* By its code or its name in either language. */
static bool is_named(const json_t *one, const char *member, const char *given)
{
    const json_t *name = json_object_get(one, "name");
    const char *texts[] = {json_text_member(one, member), json_text_member(name, "zh"), json_text_member(name, "en")};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i] && strcmp(texts[i], given) == 0)
            return true;
    return false;
}

enum exit_status meetings_body(struct client *client, const struct plan *plan, const char *given, json_t **ret_body)
{
    json_t *answer;
    enum exit_status status = fetch_json(client, meetings_path(client, plan, "bodies", NULL, 0), &answer);

    *ret_body = NULL;
    if (status != EXIT_DONE)
        return status;
    *ret_body = json_deep_copy(body_meant(client, answer, given));
    json_decref(answer);
    return *ret_body ? EXIT_DONE : EXIT_USAGE;
}

bool meetings_unit(struct client *client, const json_t *body, const char *given, const char **ret_unit)
{
    const char *per = json_text_member(body, "per");
    const json_t *units = json_object_get(body, "units"), *unit;
    size_t i;

    *ret_unit = NULL;
    if (!per || (strcmp(per, "office") == 0 && !given))
        return true;
    json_array_foreach(units, i, unit)
        if (given && is_named(unit, "unit", given))
            *ret_unit = arena_text(client->arena, json_text_member(unit, "unit"));
    if (!*ret_unit && given) {
        const char *meant = unit_meant(client, units, given);

        *ret_unit = meant ? arena_text(client->arena, meant) : NULL;
    } else if (!*ret_unit) {
        client_usage(client, client_text(client, meeting_unit_unknown, naming_all(client, units, "unit")));
    }
    return *ret_unit != NULL;
}

const char *meetings_day(struct client *client, const char *given)
{
    char iso[DATE_TEXT_SIZE];
    struct date date;

    if (!date_parse_habit(given, &date)) {
        client_usage(client, client_text(client, bad_date_option, client_word(client, held_on), given));
        return NULL;
    }
    date_format_iso(date, iso);
    return arena_text(client->arena, iso);
}

/* The id of the meeting of a body and unit (NULL: of the city, or the only one) on a day, as the list has it. */
static const char *id_on_day(struct client *client, const json_t *list, const char *unit, const char *day)
{
    const json_t *one;
    const char *found = NULL, *cancelled = NULL;
    size_t i;

    json_array_foreach(list, i, one) {
        const char *of = json_text_member(one, "unit"), *on = json_text_member(one, "day"),
                   *state = json_text_member(one, "state"), *id = json_text_member(one, "meeting");

        if (!on || !state || !id || strcmp(on, day) != 0 || (unit && !(of && strcmp(of, unit) == 0)))
            continue;
        if (strcmp(state, "cancelled") == 0)
            cancelled = arena_text(client->arena, id);
        else
            found = arena_text(client->arena, id);
    }
    return found ? found : cancelled;
}

/* The id of a meeting of a body on a day; `unit` as the person names it, or NULL. NULL: see *ret_status. */
static const char *find_on_day(struct client *client, const struct plan *plan, const json_t *body, const char *unit,
                               const char *day, enum exit_status *ret_status)
{
    const char *code = NULL, *id;
    json_t *answer;

    *ret_status = EXIT_USAGE;
    if (!day || (unit && !meetings_unit(client, body, unit, &code)))
        return NULL;

    const struct url_parameter parameters[] = {{"body", json_text_member(body, "body")}, {"unit", code}};

    *ret_status = fetch_json(client, meetings_path(client, plan, "meetings", parameters, 2), &answer);
    if (*ret_status != EXIT_DONE)
        return NULL;
    id = id_on_day(client, json_object_get(answer, "meetings"), code, day);
    json_decref(answer);
    if (!id)
        *ret_status = EXIT_REFUSED;
    return id;
}

/* Where the day begins in "BODY/UNIT/DAY": days are written with strokes too, as 113/9/26. */
static char *day_in(char *words)
{
    struct date date;

    for (char *slash = strchr(words, '/'); slash; slash = strchr(slash + 1, '/'))
        if (date_parse_habit(slash + 1, &date))
            return slash;
    return strrchr(words, '/');
}

/* "BODY/DATE" or "BODY/UNIT/DATE" to an id. NULL: the reason has been said. */
static const char *find_id(struct client *client, const struct plan *plan, const char *given,
                           enum exit_status *ret_status)
{
    char *words = arena_text(client->arena, given), *slash = words ? strchr(words, '/') : NULL,
         *last = words ? day_in(words) : NULL;
    const char *id;
    json_t *body;

    if (!slash) {
        *ret_status = client_usage(client, client_text(client, meeting_not_named, given));
        return NULL;
    }
    *last = *slash = '\0';
    *ret_status = meetings_body(client, plan, words, &body);
    if (*ret_status != EXIT_DONE)
        return NULL;
    id = find_on_day(client, plan, body, last == slash ? NULL : slash + 1, meetings_day(client, last + 1), ret_status);
    json_decref(body);
    if (!id && *ret_status == EXIT_REFUSED)
        client_say(client, meeting_not_named, given);
    return id;
}

enum exit_status meetings_find(struct client *client, const struct plan *plan, const char *given, json_t **ret_meeting)
{
    bool is_id = strlen(given) == 36 && !strchr(given, '/');
    enum exit_status status = EXIT_DONE;
    const char *id = is_id ? given : find_id(client, plan, given, &status);

    *ret_meeting = NULL;
    return id ? fetch_json(client, meeting_path(client, id, NULL), ret_meeting) : status;
}

const char *meeting_tag(struct client *client, const json_t *holder, const char *member)
{
    return arena_format(client->arena, "\"%lld\"", (long long)json_integer_value(json_object_get(holder, member)));
}
