/* decisions.c: finding a decision and its owners by what people call them, and showing it. */
#include "decisions.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "fetch.h"
#include "naming.h"
#include "obligations.h"
#include "offices.h"

const char *decisions_path(struct client *client, const struct plan *plan, const char *rest,
                           const struct url_parameter *parameters, size_t count)
{
    const char *part = url_part(client->arena, plan->code);
    const char *path = part && rest ? arena_format(client->arena, "/v1/plans/%s/%s", part, rest) : NULL;

    return path ? url_query(client->arena, path, parameters, count) : NULL;
}

const char *decision_path(struct client *client, const json_t *decision, const char *rest)
{
    const char *id = json_text_member(decision, "decision"), *part = id ? url_part(client->arena, id) : NULL;

    return part ? arena_format(client->arena, "/v1/decisions/%s/%s", part, rest) : NULL;
}

static bool is_id(const char *asked)
{
    return strlen(asked) == 36 && strspn(asked, "0123456789abcdefABCDEF-") == 36;
}

/* fetch_json() without a word on standard output. */
static enum exit_status find_by_number(struct client *client, const struct plan *plan, const char *asked,
                                       json_t **ret_decision)
{
    const struct url_parameter parameters[] = {{"number", asked}, {"as_of", client_option(client, "as-of")}};
    json_t *answer = NULL;
    enum exit_status status = fetch_json(client, decisions_path(client, plan, "decisions", parameters, 2), &answer);

    if (status != EXIT_DONE)
        return status;
    *ret_decision = json_incref(json_array_get(json_object_get(answer, "decisions"), 0));
    json_decref(answer);
    return *ret_decision ? EXIT_DONE : client_usage(client, client_text(client, decision_unknown, asked));
}

enum exit_status decision_find(struct client *client, const struct plan *plan, const char *asked, json_t **ret_decision)
{
    const struct url_parameter as_of = {"as_of", client_option(client, "as-of")};
    const char *part = url_part(client->arena, asked);
    const char *path = part ? arena_format(client->arena, "/v1/decisions/%s", part) : NULL;

    *ret_decision = NULL;
    if (!is_id(asked))
        return find_by_number(client, plan, asked, ret_decision);
    return fetch_json(client, path ? url_query(client->arena, path, &as_of, 1) : NULL, ret_decision);
}

int decision_owner(const struct plan *plan, const json_t *decision, const char *asked)
{
    const char *code = office_meant(plan, asked);
    const json_t *owner;
    int found = 0;
    size_t i;

    json_array_foreach(json_object_get(decision, "owners"), i, owner) {
        const char *office = json_text_member(owner, "office"), *agency = json_text_member(owner, "agency");
        int place = (int)json_integer_value(json_object_get(owner, "owner"));
        char number[12];

        snprintf(number, sizeof number, "%d", place);
        if ((agency && strcmp(agency, asked) == 0) || strcmp(number, asked) == 0)
            return place;
        if (code && office && strcmp(code, office) == 0)
            found = place;
    }
    return found;
}

bool decision_date(struct client *client, const char *option, const char **ret_date)
{
    const char *text = client_option(client, option);
    char iso[DATE_TEXT_SIZE];
    struct date date;

    *ret_date = NULL;
    if (!text)
        return true;
    if (!date_parse_habit(text, &date)) {
        client_usage(client, client_text(client, bad_date_option, arena_format(client->arena, "--%s", option), text));
        return false;
    }
    date_format_iso(date, iso);
    *ret_date = arena_text(client->arena, iso);
    return *ret_date != NULL;
}

/* ---- words ---------------------------------------------------------------------------------------------------------- */

const char *decision_state_word(struct client *client, const char *state)
{
    if (state && strcmp(state, "open") == 0)
        return client_word(client, decision_open);
    if (state && strcmp(state, "closed") == 0)
        return client_word(client, decision_closed);
    if (state && strcmp(state, "withdrawn") == 0)
        return client_word(client, decision_withdrawn);
    return state && strcmp(state, "handed_over") == 0 ? client_word(client, decision_handed_over) : "";
}

/* Ends with a word of NULL. */
struct meaning {
    const char *word, *code;
};

/* The code of a word; what is none of the words stays, for the server to judge. */
static const char *code_meant(const struct meaning *words, const char *given)
{
    for (; given && words->word; words++)
        if (strcmp(words->word, given) == 0)
            return words->code;
    return given;
}

const char *decision_state_meant(const char *given)
{
    static const struct meaning words[] = {{"列管中", "open"},   {"解除列管", "closed"},  {"已解除列管", "closed"},
                                           {"已解除", "closed"}, {"已撤回", "withdrawn"}, {"撤回", "withdrawn"},
                                           {NULL, NULL}};

    return code_meant(words, given);
}

const char *decision_outcome_meant(const char *given)
{
    static const struct meaning words[] = {
        {"繼續列管", "continue"}, {"解除列管", "close"}, {"自行列管", "hand_over"}, {"解除", "close"}, {NULL, NULL}};

    return code_meant(words, given);
}

const char *decision_outcome_word(struct client *client, const char *outcome)
{
    if (outcome && strcmp(outcome, "continue") == 0)
        return client_word(client, decision_continue);
    if (outcome && strcmp(outcome, "close") == 0)
        return client_word(client, decision_closed);
    return outcome && strcmp(outcome, "hand_over") == 0 ? client_word(client, decision_handed_over) : "";
}

const char *decision_left(struct client *client, const struct plan *plan, const char *due_on)
{
    int days = due_on ? days_until(client, plan, due_on) : 0;

    if (!due_on)
        return "";
    if (days == 0)
        return client_word(client, due_today);
    if (days == 1)
        return client_word(client, day_left);
    return days > 0 ? client_text(client, days_left, client_number(client, days))
                    : client_text(client, days_over, client_number(client, -days));
}

/* Of the open owners that still have something to do: the first due day, and whether there are any. */
static bool find_doing(const json_t *decision, const char **ret_due_on)
{
    const json_t *owner;
    bool any = false;
    size_t i;

    *ret_due_on = NULL;
    json_array_foreach(json_object_get(decision, "owners"), i, owner) {
        const char *state = json_text_member(owner, "state"), *due_on = json_text_member(owner, "due_on");

        if (!state || strcmp(state, "open") != 0 || json_is_true(json_object_get(owner, "waits")))
            continue;
        any = true;
        if (due_on && (!*ret_due_on || strcmp(due_on, *ret_due_on) < 0))
            *ret_due_on = due_on;
    }
    return any;
}

const char *decision_lateness(struct client *client, const struct plan *plan, const json_t *one)
{
    long long over = (long long)json_integer_value(json_object_get(one, "overdue_days"));
    bool whole = json_is_array(json_object_get(one, "owners"));
    const char *due_on = json_text_member(one, "due_on");

    if (over > 0)
        return client_text(client, days_over, client_number(client, over));
    if (whole ? !find_doing(one, &due_on) : json_is_true(json_object_get(one, "waits")))
        return client_word(client, decision_waits);
    return decision_left(client, plan, due_on);
}

/* ---- one ------------------------------------------------------------------------------------------------------------ */

static const char *day_of(struct client *client, const json_t *object, const char *member)
{
    const char *day = json_text_member(object, member);

    return day ? client_date(client, day) : "";
}

static const char *name_of(struct client *client, const json_t *object, const char *member)
{
    const json_t *name = json_object_get(object, member);

    return json_is_object(name) ? naming_of(client, name) : "";
}

static void show_owners(struct client *client, const struct plan *plan, const json_t *decision)
{
    const struct listing_column columns[] = {{"#", LISTING_RIGHT},
                                             {client_word(client, owner), LISTING_WRAPS},
                                             {client_word(client, state), LISTING_LEFT},
                                             {client_word(client, due_date), LISTING_LEFT},
                                             {client_word(client, remark), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *owner;
    size_t i;

    json_array_foreach(json_object_get(decision, "owners"), i, owner) {
        const char *state = json_text_member(owner, "state");
        bool open = state && strcmp(state, "open") == 0;

        listing_row(listing, (const char *[]){
                                 client_number(client, json_integer_value(json_object_get(owner, "owner"))),
                                 name_of(client, owner, "name"), decision_state_word(client, state),
                                 day_of(client, owner, "due_on"), open ? decision_lateness(client, plan, owner) : ""});
    }
    client_show(client, listing);
}

static void add_progress(struct client *client, struct listing *listing, const json_t *owner)
{
    const json_t *one, *file;
    size_t i, k;

    json_array_foreach(json_object_get(owner, "progress"), i, one) {
        const char *text = json_text_member(one, "text");

        json_array_foreach(json_object_get(one, "attachments"), k, file)
            text = arena_format(client->arena, "%s\n[%s]", text, json_text_member(file, "name"));
        listing_row(listing,
                    (const char *[]){name_of(client, owner, "name"),
                                     client_moment(client, json_text_member(one, "recorded_at")),
                                     client_text(client, decision_proposes,
                                                 decision_outcome_word(client, json_text_member(one, "proposes"))),
                                     text});
    }
}

static void add_rulings(struct client *client, struct listing *listing, const json_t *owner)
{
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(owner, "rulings"), i, one) {
        const char *due = json_text_member(one, "due_on"), *text = json_text_member(one, "text"),
                   *ruled = client_text(client, decision_ruled,
                                        decision_outcome_word(client, json_text_member(one, "outcome")));

        listing_row(listing,
                    (const char *[]){name_of(client, owner, "name"), day_of(client, one, "day"),
                                     json_is_true(json_object_get(one, "replaced"))
                                         ? client_text(client, decision_replaced, ruled)
                                         : ruled,
                                     due ? arena_format(client->arena, "%s%s%s", text ? text : "", text ? "\n" : "",
                                                        client_text(client, decision_put_off, client_date(client, due)))
                                         : text});
    }
}

static void show_history(struct client *client, const json_t *decision)
{
    const struct listing_column columns[] = {{client_word(client, owner), LISTING_WRAPS},
                                             {client_word(client, decision_when), LISTING_LEFT},
                                             {client_word(client, decision_step), LISTING_LEFT},
                                             {client_word(client, what), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *owner;
    size_t i;

    json_array_foreach(json_object_get(decision, "owners"), i, owner) {
        add_progress(client, listing, owner);
        add_rulings(client, listing, owner);
    }
    if (listing_row_count(listing)) {
        client_print_text(client, "");
        client_show(client, listing);
    }
}

static void show_referrals(struct client *client, const json_t *decision)
{
    bool withdrawn = json_is_object(json_object_get(decision, "withdrawn"));
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(decision, "referrals"), i, one) {
        const json_t *outcome = json_object_get(one, "outcome");

        if (json_is_object(outcome))
            client_print(client, decision_outcome_of, name_of(client, one, "to_body_name"),
                         day_of(client, outcome, "day"), json_text_member(outcome, "text"));
        else if (!withdrawn)
            client_print(client, decision_waits_for, name_of(client, one, "to_body_name"));
    }
}

static void show_asks(struct client *client, const struct plan *plan, const json_t *decision)
{
    const json_t *asks = json_object_get(decision, "asks");
    const char *form = json_text_member(asks, "form"), *text = json_text_member(asks, "text");

    if (form)
        client_print(client, decision_asks_form, naming_form(client, plan, form), json_text_member(asks, "period"));
    if (text)
        client_print(client, decision_asks, text);
}

static void show_correction(struct client *client, const json_t *correction)
{
    const char *reason = json_text_member(correction, "reason"), *text = json_text_member(correction, "text"), *when;

    if (!json_is_object(correction))
        return;
    when = client_moment(client, json_text_member(correction, "recorded_at"));
    if (reason)
        when = arena_format(client->arena, client->language == LANGUAGE_ZH ? "%s，%s" : "%s, %s", when, reason);
    if (json_is_true(json_object_get(correction, "followed")))
        client_print(client, decision_corrected, when, json_text_member(correction, "before"));
    else
        client_print(client, decision_corrected_apart, when, text ? text : client_word(client, not_shown));
}

static void show_withdrawn(struct client *client, const json_t *withdrawn)
{
    if (json_is_object(withdrawn))
        client_print(client, decision_was_withdrawn, client_moment(client, json_text_member(withdrawn, "recorded_at")),
                     json_text_member(withdrawn, "reason"));
}

void decision_show(struct client *client, const struct plan *plan, const json_t *decision)
{
    const char *unit = name_of(client, decision, "unit_name"), *kind = json_text_member(decision, "kind");
    bool directs = kind && strcmp(kind, "direction") == 0;

    client_print_text(client, arena_format(client->arena, "%s　%s（%s）", json_text_member(decision, "number"),
                                           json_text_member(decision, "title"),
                                           decision_state_word(client, json_text_member(decision, "state"))));
    client_print_text(
        client,
        arena_format(client->arena, "%s%s%s　%s　%s", name_of(client, decision, "body_name"), *unit ? "　" : "", unit,
                     day_of(client, json_object_get(decision, "meeting"), "day"),
                     directs ? client_word(client, decision_direction) : client_word(client, decision_resolution)));
    client_print_prose(client, json_text_member(decision, "text"));
    show_correction(client, json_object_get(decision, "correction"));
    show_withdrawn(client, json_object_get(decision, "withdrawn"));
    show_asks(client, plan, decision);
    client_print_text(client, "");
    show_owners(client, plan, decision);
    show_history(client, decision);
    show_referrals(client, decision);
}
