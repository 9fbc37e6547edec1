/* meeting_calendar.c: which meetings a year's plan expects, and how each stands. */
#include <string.h>

#include "base/json.h"
#include "calendar_file.h"
#include "client.h"
#include "fetch.h"
#include "meetings.h"
#include "units.h"
#include "url.h"

/* Why another meeting doesn't count, how late one is. */
static const char *note_of(struct client *client, const json_t *row)
{
    const struct {
        const char *why, *word;
    } words[] = {{"ad_hoc", client_word(client, meeting_ad_hoc)},
                 {"no_quorum", client_word(client, meeting_no_quorum)},
                 {"further", client_word(client, meeting_further)}};
    const char *why = json_text_member(row, "why");

    for (size_t i = 0; why && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].why, why) == 0)
            return words[i].word;
    if (json_is_true(json_object_get(row, "late")))
        return client_text(client, meeting_late_days,
                           client_number(client, json_integer_value(json_object_get(row, "days_late"))));
    return "";
}

static void show_calendar(struct client *client, const json_t *rows)
{
    const struct listing_column columns[] = {{client_word(client, meeting), LISTING_WRAPS},
                                             {client_word(client, meeting_due_word), LISTING_LEFT},
                                             {client_word(client, state), LISTING_LEFT},
                                             {client_word(client, meeting_day_word), LISTING_LEFT},
                                             {client_word(client, meeting_note_word), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const json_t *row;
    size_t i;

    json_array_foreach(rows, i, row) {
        const char *due = json_text_member(row, "due_date"), *day = json_text_member(row, "day");

        listing_row(listing, (const char *[]){meeting_name(client, row), due ? client_date(client, due) : "",
                                              meeting_state_word(client, json_text_member(row, "state")),
                                              day ? client_date(client, day) : "", note_of(client, row)});
    }
    client_show(client, listing);
}

/* For a calendar program: of every year unless one is named. */
static enum exit_status save(struct client *client, const struct plan *plan, const char *unit, const char *file)
{
    const struct url_parameter parameters[] = {{"only", "meetings"},
                                               {"year", client_option(client, "year")},
                                               {"body", client_option(client, "body")},
                                               {"unit", unit},
                                               {"lang", client->language == LANGUAGE_ZH ? "zh" : "en"}};

    return calendar_file_save(
        client, meetings_path(client, plan, "calendar.ics", parameters, sizeof parameters / sizeof *parameters), file);
}

enum exit_status meeting_calendar(struct client *client, const struct plan *plan)
{
    const char *unit, *file = client_option(client, "ics");
    json_t *answer = NULL;
    enum exit_status status = unit_option(client, plan->code, NULL, &unit);

    if (status != EXIT_DONE)
        return status;
    if (file)
        return save(client, plan, unit, file);

    const struct url_parameter parameters[] = {
        {"year", client_option(client, "year")}, {"body", client_option(client, "body")}, {"unit", unit}};

    status = fetch_shown(
        client, meetings_path(client, plan, "meeting-calendar", parameters, sizeof parameters / sizeof *parameters),
        &answer);
    if (answer)
        show_calendar(client, json_object_get(answer, "calendar"));
    json_decref(answer);
    return status;
}
