/* meeting_show.c: what a meeting is, in words. */
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "body_words.h"
#include "listing.h"
#include "meetings.h"
#include "naming.h"
#include "plan_cache.h"

const char *meeting_state_word(struct client *client, const char *state)
{
    const struct {
        const char *state, *word;
    } words[] = {
        {"planned", client_word(client, meeting_planned)},     {"called", client_word(client, meeting_called)},
        {"held", client_word(client, meeting_held)},           {"on_record", client_word(client, meeting_on_record)},
        {"cancelled", client_word(client, meeting_cancelled)}, {"open", client_word(client, meeting_open)},
        {"missing", client_word(client, meeting_missing)}};

    for (size_t i = 0; state && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].state, state) == 0)
            return words[i].word;
    return state;
}

const char *meeting_state_meant(const char *given)
{
    static const struct {
        const char *state;
        enum message word;
    } words[] = {{"planned", MESSAGE_meeting_planned},
                 {"called", MESSAGE_meeting_called},
                 {"held", MESSAGE_meeting_held},
                 {"on_record", MESSAGE_meeting_on_record},
                 {"cancelled", MESSAGE_meeting_cancelled}};

    for (size_t i = 0; given && i < sizeof words / sizeof *words; i++)
        if (strcmp(message_text(words[i].word, LANGUAGE_ZH), given) == 0 ||
            strcasecmp(message_text(words[i].word, LANGUAGE_EN), given) == 0)
            return words[i].state;
    return given;
}

const char *meeting_shown_state(struct client *client, const json_t *meeting)
{
    const char *kind = json_text_member(meeting, "kind"),
               *state = meeting_state_word(client, json_text_member(meeting, "state"));

    return kind && strcmp(kind, "ad_hoc") == 0
               ? arena_format(client->arena, client->language == LANGUAGE_ZH ? "%s、%s" : "%s, %s", state,
                              client_word(client, meeting_ad_hoc))
               : state;
}

const char *meeting_name(struct client *client, const json_t *meeting)
{
    const json_t *unit = json_object_get(meeting, "unit_name"), *name = json_object_get(meeting, "name");
    const char *body = json_is_object(name) ? naming_of(client, name) : json_text_member(meeting, "body");

    return json_text_member(meeting, "unit") && json_is_object(unit)
               ? arena_format(client->arena, "%s %s", body, naming_of(client, unit))
               : body;
}

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_text_member(object, member);

    return text ? text : "－";
}

/* "區長 王大明", as far as it is known. */
static const char *person(struct client *client, const json_t *one)
{
    const char *post = json_text_member(one, "post"), *name = json_text_member(one, "name");

    if (!json_is_object(one))
        return "－";
    return arena_format(client->arena, "%s%s%s", post ? post : "", post && name ? " " : "",
                        name   ? name
                        : post ? ""
                               : "－");
}

/* Papers bear the number that it had when it was called. */
static void show_first_number(struct client *client, const json_t *meeting)
{
    const json_t *number = json_object_get(meeting, "number"), *first = json_object_get(meeting, "first_number");

    if (json_is_integer(number) && json_is_integer(first) && !json_equal(number, first))
        client_print(client, meeting_renumbered, client_number(client, json_integer_value(first)),
                     client_number(client, json_integer_value(number)));
}

static void show_changes(struct client *client, const json_t *changes)
{
    const json_t *one;
    size_t i;

    json_array_foreach(changes, i, one) {
        const char *field = json_text_member(one, "field"), *title = json_text_member(one, "title"),
                   *before = json_text_member(one, "before"), *after = json_text_member(one, "after");

        if (field && strcmp(field, "day") == 0) {
            before = before ? client_date(client, before) : NULL;
            after = after ? client_date(client, after) : NULL;
        }
        if (before && after && title)
            client_print(client, meeting_change_of, title, before, after);
        else if (before && after)
            client_print(client, meeting_change, before, after);
        else if (title)
            client_print(client, meeting_change_added, title);
    }
}

static void show_corrections(struct client *client, const json_t *corrections)
{
    const struct {
        const char *of, *word;
    } words[] = {{"step", client_word(client, meeting_corrected_step)},
                 {"agenda", client_word(client, meeting_corrected_agenda)},
                 {"attendance", client_word(client, meeting_corrected_attendance)},
                 {"resolutions", client_word(client, meeting_corrected_resolutions)}};
    const json_t *one;
    size_t i;

    json_array_foreach(corrections, i, one) {
        const char *of = json_text_member(one, "of"), *word = of;

        for (size_t w = 0; of && w < sizeof words / sizeof *words; w++)
            if (strcmp(words[w].of, of) == 0)
                word = words[w].word;
        if (json_text_member(one, "reason"))
            client_print(client, meeting_corrected, word, json_text_member(one, "reason"),
                         client_moment(client, json_text_member(one, "recorded_at")));
        else
            client_print(client, meeting_completed, word, client_moment(client, json_text_member(one, "recorded_at")));
        show_changes(client, json_object_get(one, "changes"));
    }
}

/* Whether the newest step's reason stands with what it corrected. */
static bool is_of_correction(const json_t *meeting, const char *reason)
{
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(meeting, "corrections"), i, one) {
        const char *of = json_text_member(one, "of"), *told = json_text_member(one, "reason");

        if (of && strcmp(of, "step") == 0 && told && strcmp(told, reason) == 0)
            return true;
    }
    return false;
}

static void show_head(struct client *client, const json_t *meeting)
{
    const json_t *number = json_object_get(meeting, "number"), *secretariat = json_object_get(meeting, "secretariat"),
                 *keeper = json_object_get(secretariat, "name");
    const char *year = client_number(client, json_integer_value(json_object_get(meeting, "year"))),
               *begins = json_text_member(meeting, "begins"), *ends = json_text_member(meeting, "ends"),
               *day = client_date(client, json_text_member(meeting, "day"));

    if (json_is_integer(number))
        client_print(client, meeting_title, meeting_name(client, meeting), year,
                     client_number(client, json_integer_value(number)), meeting_shown_state(client, meeting));
    else
        client_print(client, meeting_title_cancelled, meeting_name(client, meeting), year);
    client_print(client, meeting_when, day,
                 arena_format(client->arena, "%s%s%s", begins ? begins : "", ends ? "–" : "", ends ? ends : ""),
                 text_of(meeting, "place"));
    client_print(client, meeting_numbers, text_of(meeting, "call_number"), text_of(meeting, "minutes_number"));
    client_print(client, meeting_chaired, person(client, json_object_get(meeting, "chair")),
                 person(client, json_object_get(meeting, "recorder")),
                 json_is_object(keeper) ? naming_of(client, keeper) : "－");
    show_first_number(client, meeting);
    if (json_text_member(meeting, "reason") && !is_of_correction(meeting, json_text_member(meeting, "reason")))
        client_print(client, meeting_reason, json_text_member(meeting, "reason"));
    show_corrections(client, json_object_get(meeting, "corrections"));
    client_print(client, meeting_id_line, json_text_member(meeting, "meeting"));
}

static void show_agenda(struct client *client, const json_t *items)
{
    const struct listing_column columns[] = {{client_word(client, meeting_item_word), LISTING_RIGHT},
                                             {client_word(client, meeting_kind_word), LISTING_LEFT},
                                             {client_word(client, meeting_title_word), LISTING_WRAPS},
                                             {client_word(client, meeting_resolution_word), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *item;
    size_t i;

    json_array_foreach(items, i, item)
        listing_row(listing, (const char *[]){client_number(client, (long long)i + 1),
                                              body_item_word(client, json_text_member(item, "kind")),
                                              json_text_member(item, "title"),
                                              json_text_member(json_object_get(item, "resolution"), "text")});
    client_show(client, listing);
}

/* What is found or wanted: an office or a day, as people write them, where the rule is about one. */
static const char *figure_word(struct client *client, const struct plan *plan, const json_t *one, const char *member)
{
    const char *rule = json_text_member(one, "rule"), *figure = json_text_member(one, member);

    if (!figure || strcmp(figure, "-") == 0)
        return "－";
    if (rule && strcmp(rule, "chair") == 0)
        return naming_office(client, plan, figure);
    if (rule && strcmp(rule, "by") == 0) {
        size_t sign = strspn(figure, "≤");

        return arena_format(client->arena, "%s%s", sign ? "≤" : "", client_date(client, figure + sign));
    }
    return figure;
}

static void show_rules(struct client *client, const json_t *rules)
{
    const struct listing_column columns[] = {{client_word(client, rule), LISTING_WRAPS},
                                             {client_word(client, verdict), LISTING_LEFT},
                                             {client_word(client, found), LISTING_LEFT},
                                             {client_word(client, wanted), LISTING_LEFT},
                                             {client_word(client, advice), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    struct cached_plan cached;
    const json_t *one;
    size_t i;

    plan_if_cached(client, &cached);
    json_array_foreach(rules, i, one) {
        const json_t *advice = json_object_get(one, "advice");

        listing_row(listing, (const char *[]){naming_of(client, json_object_get(one, "rule_name")),
                                              body_verdict_word(client, json_text_member(one, "verdict")),
                                              figure_word(client, cached.plan, one, "found"),
                                              figure_word(client, cached.plan, one, "wanted"),
                                              json_is_object(advice) ? naming_of(client, advice) : ""});
    }
    if (listing_row_count(listing))
        client_show(client, listing);
    cached_plan_release(&cached);
}

bool meeting_lets(const json_t *meeting, const char *act)
{
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(meeting, "may"), i, one)
        if (json_is_string(one) && strcmp(json_string_value(one), act) == 0)
            return true;
    return false;
}

void meeting_show(struct client *client, const json_t *meeting)
{
    const json_t *attendance = json_object_get(meeting, "attendance"), *counts = json_object_get(attendance, "counts"),
                 *counted = json_object_get(meeting, "counted");

    show_head(client, meeting);
    if (json_integer_value(json_object_get(attendance, "sequence")) > 0)
        client_print(client, meeting_there,
                     client_number(client, json_integer_value(json_object_get(counts, "present"))),
                     client_number(client, json_integer_value(json_object_get(counts, "sitting_in"))),
                     client_number(client, json_integer_value(json_object_get(counts, "excused"))),
                     client_number(client, json_integer_value(json_object_get(counts, "absent"))));
    else if (meeting_lets(meeting, "attendance"))
        client_print(client, meeting_no_sheet, json_text_member(meeting, "meeting"));
    if (json_is_boolean(counted))
        client_print_text(client, json_is_true(counted) ? client_word(client, meeting_counted)
                                                        : client_word(client, meeting_not_counted));
    show_agenda(client, json_object_get(json_object_get(meeting, "agenda"), "items"));
    show_rules(client, json_object_get(meeting, "rules"));
}
