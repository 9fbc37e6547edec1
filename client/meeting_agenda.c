/* meeting_agenda.c: tributary meeting agenda, resolve: the items of a meeting and what was resolved on them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "decisions.h"
#include "export.h"
#include "fetch.h"
#include "files.h"
#include "meetings.h"
#include "posting.h"

enum { FILE_LIMIT = 4 * 1024 * 1024, VALUES = 100000 };

static enum exit_status put_items(struct client *client, const json_t *meeting, json_t *items)
{
    const json_t *agenda = json_object_get(meeting, "agenda");
    struct posted posted;
    enum exit_status status =
        posting_put(client, meeting_path(client, json_text_member(meeting, "meeting"), "agenda"),
                    meeting_tag(client, agenda, "sequence"),
                    json_pack("{so ss*}", "items", items, "reason", client_option(client, "reason")), &posted);

    if (status == EXIT_UNREACHABLE)
        client_say(client, meeting_offline);
    if (status == EXIT_DONE && !client->json)
        meeting_show(client, posted.answer);
    json_decref(posted.answer);
    return status;
}

/* ---- one item more ----------------------------------------------------------------------------------------------- */

static const char *const kinds[] = {"opening", "minutes", "tracking", "report", "discussion", "motion", "closing"};

static int place_of_kind(const char *kind)
{
    for (int i = 0; i < (int)(sizeof kinds / sizeof *kinds); i++)
        if (kind && strcmp(kinds[i], kind) == 0)
            return i;
    return -1;
}

bool meeting_item_is_heading(const json_t *item)
{
    static const char *const titles[] = {"", "", "", "報告事項", "討論事項", "臨時動議", ""};
    int kind = place_of_kind(json_text_member(item, "kind"));

    return kind >= 0 && *titles[kind] && strcmp(titles[kind], json_text_member(item, "title")) == 0 &&
           !json_text_member(item, "explanation") && !json_text_member(item, "proposal") &&
           !json_is_object(json_object_get(item, "resolution"));
}

/* Where an item of a kind comes: after the last of its kind, or before the first of a later one. */
static size_t place_for(json_t *items, int kind)
{
    size_t i, place = json_array_size(items);
    const json_t *item;

    json_array_foreach(items, i, item)
        if (place_of_kind(json_text_member(item, "kind")) > kind) {
            place = i;
            break;
        }
    if (place > 0 && meeting_item_is_heading(json_array_get(items, place - 1)) &&
        place_of_kind(json_text_member(json_array_get(items, place - 1), "kind")) == kind)
        json_array_remove(items, --place);
    return place;
}

static enum exit_status add_item(struct client *client, const json_t *meeting, const char *title)
{
    const char *word = client_option(client, "kind");
    int kind = place_of_kind(word ? word : "discussion");
    json_t *items, *item;

    if (kind < place_of_kind("report") || kind > place_of_kind("motion"))
        return client_usage(client, client_word(client, meeting_item_kind_bad));
    items = json_deep_copy(json_object_get(json_object_get(meeting, "agenda"), "items"));
    item = json_pack("{ss ss ss? ss? ss?}", "kind", kinds[kind], "title", title, "proposer",
                     client_option(client, "proposer"), "explanation", client_option(client, "explanation"), "proposal",
                     client_option(client, "proposal"));
    json_array_insert_new(items, place_for(items, kind), item);
    return put_items(client, meeting, items);
}

/* ---- as a file --------------------------------------------------------------------------------------------------- */

static enum exit_status save(struct client *client, const json_t *meeting, const char *file)
{
    char *text = export_is_misnamed(client, file, "json")
                     ? NULL
                     : json_dumps(json_object_get(json_object_get(meeting, "agenda"), "items"), JSON_INDENT(2));
    enum exit_status status = text ? export_save(client, file, text, strlen(text)) : EXIT_USAGE;

    free(text);
    return status;
}

/* A list of items, or the answer that holds one. */
static enum exit_status put_file(struct client *client, const json_t *meeting, const char *file)
{
    struct json_fault fault;
    const char *bytes;
    size_t length;
    json_t *json, *items;
    enum exit_status status;
    int error = file_read(client->arena, file, FILE_LIMIT, &bytes, &length);

    if (error)
        return client_machine_fault(client, file, error);
    json = json_parse_strict(bytes, length, VALUES, &fault);
    if (!json)
        return client_usage(client, client_text(client, meeting_file_bad, file, fault.text));
    items = json_is_object(json) && json_object_get(json, "agenda") ? json_object_get(json, "agenda") : json;
    items = json_is_object(items) ? json_object_get(items, "items") : items;
    status = put_items(client, meeting, json_incref(items ? items : json));
    json_decref(json);
    return status;
}

enum exit_status meeting_agenda(struct client *client, const struct plan *plan)
{
    const char *title = client_option(client, "add"), *output = client_option(client, "output");
    json_t *meeting;
    enum exit_status status = meetings_find(client, plan, client->arguments.words[1], &meeting);

    if (status != EXIT_DONE)
        return status;
    if (title)
        status = add_item(client, meeting, title);
    else if (client->arguments.word_count > 2)
        status = put_file(client, meeting, client->arguments.words[2]);
    else if (output)
        status = save(client, meeting, output);
    else if (client->json)
        client_print_json(json_object_get(meeting, "agenda"));
    else
        meeting_show(client, meeting);
    json_decref(meeting);
    return status;
}

/* ---- what was resolved ------------------------------------------------------------------------------------------- */

/* The agenda must be written before anything is resolved on it: the usual one is, as it stands. */
static enum exit_status write_usual(struct client *client, json_t **meeting)
{
    const json_t *agenda = json_object_get(*meeting, "agenda");
    struct posted posted;
    enum exit_status status;

    if (json_integer_value(json_object_get(agenda, "sequence")) > 0)
        return EXIT_DONE;
    status = posting_put(client, meeting_path(client, json_text_member(*meeting, "meeting"), "agenda"), "\"0\"",
                         json_pack("{sO}", "items", json_object_get(agenda, "items")), &posted);
    if (status == EXIT_DONE) {
        json_decref(*meeting);
        *meeting = posted.answer;
    }
    return status;
}

/* What is tracked of an item that was resolved anew. */
static void tell_tracked(struct client *client, const char *meeting, const char *item)
{
    json_t *answer = NULL, *of_item = json_array();
    const json_t *one;
    size_t i;

    fetch_quietly(client, meeting_path(client, meeting, "decisions/proposal"), &answer);
    json_array_foreach(json_object_get(answer, "corrected"), i, one) {
        const char *of = json_text_member(one, "item");

        if (of && item && strcmp(of, item) == 0)
            json_array_append(of_item, json_array_get(json_object_get(answer, "corrected"), i));
    }
    decisions_tell_corrected(client, of_item);
    json_decref(of_item);
    json_decref(answer);
}

/* Whether a reason that was given stands with the newest correction; none needn't. */
static bool keeps_reason(const json_t *meeting, const char *reason)
{
    const json_t *corrections = json_object_get(meeting, "corrections");
    size_t count = json_array_size(corrections);
    const char *kept = count ? json_text_member(json_array_get(corrections, count - 1), "reason") : NULL;

    return !reason || (kept && strcmp(kept, reason) == 0);
}

static enum exit_status resolve(struct client *client, json_t **meeting, long number, const char *text)
{
    enum exit_status status = write_usual(client, meeting);
    const json_t *agenda = json_object_get(*meeting, "agenda"),
                 *item = json_array_get(json_object_get(agenda, "items"), (size_t)number - 1);
    const json_t *stood = json_object_get(item, "resolution");
    const char *before = json_text_member(stood, "text"), *remarks = client_option(client, "remarks");
    struct posted posted;

    if (status != EXIT_DONE)
        return status;
    if (!item)
        return client_usage(client, client_text(client, meeting_item_unknown, client->arguments.words[2]));
    status = posting_put(client, meeting_path(client, json_text_member(*meeting, "meeting"), "resolutions"),
                         meeting_tag(client, agenda, "resolved"),
                         json_pack("{s[{ss ss ss?}] ss*}", "resolutions", "item", json_text_member(item, "item"),
                                   "text", text, "remarks",
                                   remarks ? (*remarks ? remarks : NULL) : json_text_member(stood, "remarks"), "reason",
                                   client_option(client, "reason")),
                         &posted);
    if (status == EXIT_DONE && !keeps_reason(posted.answer, client_option(client, "reason")))
        client_say(client, meeting_reason_not_kept);
    if (status == EXIT_DONE && !client->json && before && strcmp(before, text) != 0)
        client_print(client, meeting_resolved_anew, client->arguments.words[2], before);
    else if (status == EXIT_DONE && !client->json)
        client_print(client, meeting_resolved, client->arguments.words[2]);
    if (status == EXIT_DONE && !client->json && before && strcmp(before, text) != 0)
        tell_tracked(client, json_text_member(*meeting, "meeting"), json_text_member(item, "item"));
    json_decref(posted.answer);
    return status;
}

enum exit_status meeting_resolve(struct client *client, const struct plan *plan)
{
    const char *const *words = client->arguments.words;
    char *end = NULL;
    long number = client->arguments.word_count == 4 ? strtol(words[2], &end, 10) : 0;
    json_t *meeting;
    enum exit_status status;

    if (!end)
        return client_usage(client, client_word(client, meeting_resolve_what));
    if (number < 1 || *end)
        return client_usage(client, client_text(client, meeting_item_unknown, words[2]));
    status = meetings_find(client, plan, words[1], &meeting);
    if (status == EXIT_DONE)
        status = resolve(client, &meeting, number, words[3]);
    json_decref(meeting);
    return status;
}
