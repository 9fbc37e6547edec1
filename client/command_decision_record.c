/* command_decision_record.c: the subcommands of tributary decision that record something. */
#include <string.h>

#include "attaching.h"
#include "base/json.h"
#include "decisions.h"
#include "fetch.h"
#include "meetings.h"
#include "naming.h"
#include "offices.h"
#include "posting.h"
#include "units.h"

/* Takes `body` over; shows the decision as it stands then. */
static enum exit_status send(struct client *client, const struct plan *plan, const char *path, json_t *body)
{
    struct posted posted;
    enum exit_status status = posting_send(client, path, body, &posted);

    if (status == EXIT_DONE && !client->json)
        decision_show(client, plan, posted.answer);
    json_decref(posted.answer);
    return status;
}

/* ---- add ------------------------------------------------------------------------------------------------------------ */

/* The id of the meeting of --body and --unit that was on a day. */
enum exit_status decision_find_meeting(struct client *client, const struct plan *plan, const char *asked,
                                       const char **ret_id)
{
    const struct url_parameter body = {"body", client_option(client, "body")};
    const char *unit;
    char day[DATE_TEXT_SIZE];
    struct date date;
    const json_t *one;
    json_t *answer = NULL;
    size_t i;
    enum exit_status status;

    if (strlen(asked) == 36) {
        *ret_id = asked;
        return EXIT_DONE;
    }
    if (!client_option(client, "body") && strchr(asked, '/') && !date_parse_habit(asked, &date)) {
        status = meetings_find(client, plan, asked, &answer);
        if (status == EXIT_DONE)
            *ret_id = arena_text(client->arena, json_text_member(answer, "meeting"));
        json_decref(answer);
        return status;
    }
    if (!posting_needs(client, "body"))
        return EXIT_USAGE;
    if (!date_parse_habit(asked, &date))
        return client_usage(client, client_text(client, bad_date_option, "MEETING", asked));
    date_format_iso(date, day);
    status = unit_option(client, plan->code, NULL, &unit);
    if (status != EXIT_DONE)
        return status;
    status = fetch_json(client, decisions_path(client, plan, "meetings", &body, 1), &answer);
    json_array_foreach(json_object_get(answer, "meetings"), i, one) {
        const char *held = json_text_member(one, "day"), *of = json_text_member(one, "unit");

        if (!held)
            held = json_text_member(one, "held_on");
        if (held && strcmp(held, day) == 0 && (unit ? of && strcmp(unit, of) == 0 : !of))
            *ret_id = arena_text(client->arena, json_text_member(one, "meeting"));
    }
    json_decref(answer);
    if (status == EXIT_DONE && !*ret_id)
        return client_usage(client, client_text(client, decision_no_meeting, asked));
    return status;
}

/* Every --owner and --agency. NULL, having said so, if one is no office. */
static json_t *owners_asked(struct client *client, const struct plan *plan)
{
    json_t *owners = json_array();

    for (size_t i = 0; i < client->arguments.given_count; i++) {
        const char *option = client->arguments.given[i].option->name, *value = client->arguments.given[i].value;
        const char *office = strcmp(option, "owner") == 0 ? office_meant(plan, value) : NULL;

        if (strcmp(option, "agency") == 0) {
            json_array_append_new(owners, json_pack("{ss}", "agency", value));
        } else if (office) {
            json_array_append_new(owners, json_pack("{ss}", "office", office));
        } else if (strcmp(option, "owner") == 0) {
            client_usage(client, client_text(client, decision_no_office, value));
            json_decref(owners);
            return NULL;
        }
    }
    if (json_array_size(owners))
        return owners;
    json_decref(owners);
    posting_needs(client, "owner");
    return NULL;
}

static json_t *asks_asked(struct client *client)
{
    const char *form = client_option(client, "ask-form"), *period = client_option(client, "ask-period"),
               *text = client_option(client, "ask");

    return form || period || text ? json_pack("{ss? ss? ss?}", "form", form, "period", period, "text", text)
                                  : json_null();
}

enum exit_status decision_add(struct client *client, const struct plan *plan)
{
    const char *meeting = posting_needs(client, "meeting"), *title = meeting ? posting_needs(client, "title") : NULL,
               *text = title ? posting_needs(client, "text") : NULL, *due, *id = NULL, *part;
    json_t *owners;
    enum exit_status status;

    if (!text || !decision_date(client, "due", &due) || !(owners = owners_asked(client, plan)))
        return EXIT_USAGE;
    status = decision_find_meeting(client, plan, meeting, &id);
    part = id ? url_part(client->arena, id) : NULL;
    if (status == EXIT_DONE)
        status = send(client, plan, part ? arena_format(client->arena, "/v1/meetings/%s/decisions", part) : NULL,
                      json_pack("{ss ss ss? ss? sO so}", "title", title, "text", text, "due_on", due, "kind",
                                client_option(client, "kind"), "owners", owners, "asks", asks_asked(client)));
    json_decref(owners);
    return status;
}

/* ---- progress ------------------------------------------------------------------------------------------------------- */

/* The owner that --owner names; 0 without it, -1, having said so, if there is none. */
static int owner_asked(struct client *client, const struct plan *plan, const json_t *decision)
{
    const char *asked = client_option(client, "owner");
    int place = asked ? decision_owner(plan, decision, asked) : 0;

    if (!asked || place)
        return place;
    client_usage(client, client_text(client, decision_no_owner, asked));
    return -1;
}

/* The next --attach from *place on, which moves behind it; NULL: there is none. */
static const char *next_file(struct client *client, size_t *place)
{
    while (*place < client->arguments.given_count) {
        size_t i = (*place)++;

        if (strcmp(client->arguments.given[i].option->name, "attach") == 0)
            return client->arguments.given[i].value;
    }
    return NULL;
}

/* Uploads every --attach, once all are known to be taken. *ret_files: how the order names them; the caller decrefs it. */
static enum exit_status upload_files(struct client *client, const struct plan *plan, json_t **ret_files)
{
    enum exit_status status = EXIT_DONE;
    const char *path, *upload;

    *ret_files = json_array();
    for (size_t place = 0; status == EXIT_DONE && (path = next_file(client, &place));)
        status = attaching_judge(client, path);
    for (size_t place = 0; status == EXIT_DONE && (path = next_file(client, &place));) {
        status = attaching_upload(client, plan->code, path, &upload);
        if (status == EXIT_DONE)
            json_array_append_new(*ret_files, json_pack("{ss}", "upload", upload));
    }
    return status;
}

static bool is_withdrawn(const json_t *decision)
{
    return json_is_object(json_object_get(decision, "withdrawn"));
}

enum exit_status decision_report(struct client *client, const struct plan *plan)
{
    json_t *decision = NULL, *files = NULL, *body;
    enum exit_status status = decision_find(client, plan, client->arguments.words[1], &decision);
    int owner = status == EXIT_DONE ? owner_asked(client, plan, decision) : 0;

    if (status == EXIT_DONE && owner < 0)
        status = EXIT_USAGE;
    if (status == EXIT_DONE &&
        !is_withdrawn(decision)) /* the server says why it takes no report, before any file is sent */
        status = upload_files(client, plan, &files);
    if (status == EXIT_DONE) {
        body = json_pack("{ss ss? sO*}", "text", client->arguments.words[2], "proposes",
                         decision_outcome_meant(client_option(client, "proposes")), "attachments", files);
        if (owner)
            json_object_set_new(body, "owner", json_integer(owner));
        status = send(client, plan, decision_path(client, decision, "progress"), body);
    }
    json_decref(files);
    json_decref(decision);
    return status;
}

/* ---- rule ----------------------------------------------------------------------------------------------------------- */

/* A ruling for the owner that is named, or for each that is open. */
static json_t *rulings_of(struct client *client, const json_t *decision, int asked, const char *due)
{
    json_t *rulings = json_array();
    const json_t *owner;
    size_t i;

    json_array_foreach(json_object_get(decision, "owners"), i, owner) {
        int place = (int)json_integer_value(json_object_get(owner, "owner"));
        const char *state = json_text_member(owner, "state");

        if (asked ? place == asked : state && strcmp(state, "open") == 0)
            json_array_append_new(rulings, json_pack("{si ss ss? ss?}", "owner", place, "outcome",
                                                     decision_outcome_meant(client->arguments.words[2]), "due_on", due,
                                                     "text", client_option(client, "text")));
    }
    return rulings;
}

/* --meeting: an id or a day, which the server finds, or the meeting's whole name, as "BODY/UNIT/DATE". */
static enum exit_status meeting_asked(struct client *client, const struct plan *plan, const char **ret_meeting)
{
    const char *given = posting_needs(client, "meeting");
    json_t *meeting = NULL;
    enum exit_status status = given ? EXIT_DONE : EXIT_USAGE;
    struct date date;

    *ret_meeting = given;
    if (!given || !strchr(given, '/') || date_parse_habit(given, &date))
        return status;
    status = meetings_find(client, plan, given, &meeting);
    if (status == EXIT_DONE)
        *ret_meeting = arena_text(client->arena, json_text_member(meeting, "meeting"));
    json_decref(meeting);
    return status;
}

/* Takes the rulings over. */
static enum exit_status send_rulings(struct client *client, const struct plan *plan, const json_t *decision,
                                     const char *meeting, json_t *rulings)
{
    if (json_array_size(rulings) > 0)
        return send(client, plan, decision_path(client, decision, "rulings"),
                    json_pack("{ss so}", "meeting", meeting, "rulings", rulings));
    json_decref(rulings);
    if (is_withdrawn(decision)) {
        const json_t *withdrawn = json_object_get(decision, "withdrawn");

        client_say(client, decision_was_withdrawn, client_moment(client, json_text_member(withdrawn, "recorded_at")),
                   json_text_member(withdrawn, "reason"));
    } else {
        client_say(client, decision_none_open, client->arguments.words[1]);
    }
    return EXIT_REFUSED;
}

enum exit_status decision_rule(struct client *client, const struct plan *plan)
{
    const char *meeting, *due;
    json_t *decision = NULL;
    enum exit_status status = meeting_asked(client, plan, &meeting);
    int owner;

    if (status != EXIT_DONE || !decision_date(client, "due", &due))
        return status == EXIT_DONE ? EXIT_USAGE : status;
    status = decision_find(client, plan, client->arguments.words[1], &decision);
    owner = status == EXIT_DONE ? owner_asked(client, plan, decision) : 0;
    if (status == EXIT_DONE && owner < 0)
        status = EXIT_USAGE;
    if (status == EXIT_DONE)
        status = send_rulings(client, plan, decision, meeting, rulings_of(client, decision, owner, due));
    json_decref(decision);
    return status;
}

/* ---- refer, outcome ------------------------------------------------------------------------------------------------- */

enum exit_status decision_refer(struct client *client, const struct plan *plan)
{
    json_t *decision = NULL;
    const char *to = client_option(client, "to"), *unit;
    enum exit_status status = unit_option(client, plan->code, to, &unit);

    if (status == EXIT_DONE)
        status = decision_find(client, plan, client->arguments.words[1], &decision);
    if (status == EXIT_DONE)
        status =
            send(client, plan, decision_path(client, decision, "referrals"),
                 json_pack("{ss? ss? ss?}", "to_body", to, "to_unit", unit, "reason", client_option(client, "reason")));
    json_decref(decision);
    return status;
}

/* The newest referral, of those to --to if that is given. */
static const char *referral_of(struct client *client, const json_t *decision)
{
    const char *to = client_option(client, "to"), *id = NULL;
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(decision, "referrals"), i, one) {
        const char *body = json_text_member(one, "to_body");

        if (!to || (body && strcmp(body, to) == 0))
            id = json_text_member(one, "referral");
    }
    return id;
}

enum exit_status decision_conclude(struct client *client, const struct plan *plan)
{
    const char *meeting, *id = NULL, *part;
    json_t *decision = NULL;
    enum exit_status status = meeting_asked(client, plan, &meeting);

    if (status == EXIT_DONE)
        status = decision_find(client, plan, client->arguments.words[1], &decision);
    if (status == EXIT_DONE) {
        id = referral_of(client, decision);
        status = id ? EXIT_DONE : client_usage(client, client_word(client, decision_not_referred));
    }
    if (status == EXIT_DONE) {
        part = url_part(client->arena, id);
        status = send(client, plan, part ? arena_format(client->arena, "/v1/referrals/%s/outcome", part) : NULL,
                      json_pack("{ss ss}", "meeting", meeting, "text", client->arguments.words[2]));
    }
    json_decref(decision);
    return status;
}

/* ---- withdraw ------------------------------------------------------------------------------------------------------- */

enum exit_status decision_withdraw(struct client *client, const struct plan *plan)
{
    const char *reason = posting_needs(client, "reason");
    json_t *decision = NULL;
    enum exit_status status = reason ? decision_find(client, plan, client->arguments.words[1], &decision) : EXIT_USAGE;

    if (status == EXIT_DONE)
        status = send(client, plan, decision_path(client, decision, "withdrawal"), json_pack("{ss}", "reason", reason));
    if (status == EXIT_DONE && json_text_member(decision, "item"))
        client_say(client, decision_take_over_again, json_text_member(json_object_get(decision, "meeting"), "id"));
    json_decref(decision);
    return status;
}
