/* meeting_sheet.c: tributary meeting attendance: who was there, from the table that people keep. */
#include <string.h>

#include "base/json.h"
#include "export.h"
#include "meeting_sheet.h"
#include "meetings.h"
#include "posting.h"
#include "sheet/csv.h"

enum { OUT_LIMIT = 1024 * 1024 };

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static void write_row(const struct client *client, const struct plan *plan, const json_t *row, struct buffer *out)
{
    const char *yes = sheet_written(client, SHEET_AUTHORISED, "yes");
    const char *code = json_text_member(row, "office");
    const struct office *office = code ? plan_office(plan, code) : NULL;
    const char *texts[SHEET_COLUMN_COUNT] = {
        [SHEET_PART] = sheet_written(client, SHEET_PART, json_text_member(row, "part")),
        [SHEET_OFFICE] = office ? office->name.text[client->language] : NULL,
        [SHEET_POST] = json_text_member(row, "post"),
        [SHEET_NAME] = json_text_member(row, "name"),
        [SHEET_SEX] = sheet_written(client, SHEET_SEX, json_text_member(row, "sex")),
        [SHEET_DUTY] = sheet_written(client, SHEET_DUTY, json_text_member(row, "duty")),
        [SHEET_SEAT] = sheet_written(client, SHEET_SEAT, json_text_member(row, "seat")),
        [SHEET_SERVED] = json_is_true(json_object_get(row, "served")) ? yes : NULL,
        [SHEET_AUTHORISED] = json_is_true(json_object_get(row, "authorised")) ? yes : NULL,
    };

    csv_row(out, texts, SHEET_COLUMN_COUNT);
}

/* Who is to be expected where nobody wrote a sheet yet: an office of the group a row. Whether it was there is left to be
 * said. */
static json_t *expected_rows(const struct plan *plan, const json_t *meeting)
{
    const char *unit = json_text_member(meeting, "unit");
    int year = (int)json_integer_value(json_object_get(meeting, "year"));
    json_t *rows = json_array();

    for (size_t g = 0; unit && g < plan->group_count; g++)
        for (size_t m = 0; strcmp(plan->groups[g].code, unit) == 0 && m < plan->groups[g].member_count; m++) {
            const struct member *member = &plan->groups[g].members[m];

            if (member->from <= year && year <= member->to)
                json_array_append_new(rows, json_pack("{ss ss}", "office", member->office->code, "seat", "internal"));
        }
    return rows;
}

static enum exit_status save(struct client *client, const struct plan *plan, const json_t *meeting, const char *file)
{
    const json_t *attendance = json_object_get(meeting, "attendance"), *row;
    json_t *rows = json_integer_value(json_object_get(attendance, "sequence")) > 0
                       ? json_incref(json_object_get(attendance, "rows"))
                       : expected_rows(plan, meeting);
    struct buffer out = BUFFER_WITH_LIMIT(OUT_LIMIT);
    const char *titles[SHEET_COLUMN_COUNT];
    enum exit_status status;
    size_t i;

    for (int column = 0; column < SHEET_COLUMN_COUNT; column++)
        titles[column] = sheet_headings[column].text[client->language];
    csv_begin(&out);
    csv_row(&out, titles, SHEET_COLUMN_COUNT);
    json_array_foreach(rows, i, row)
        write_row(client, plan, row, &out);
    status = out.failed ? client_usage(client, client_word(client, out_of_memory))
                        : export_save(client, file, out.data, out.length);
    buffer_free(&out);
    json_decref(rows);
    return status;
}

/* ---- the subcommand ---------------------------------------------------------------------------------------------- */

/* A sheet takes the place of the one before it as a whole. */
static void tell_replaced(struct client *client, const json_t *before, const json_t *after)
{
    size_t rows = json_array_size(json_object_get(before, "rows"));

    if (json_equal(json_object_get(before, "sequence"), json_object_get(after, "sequence")))
        client_say(client, meeting_call_changes_nothing);
    else if (json_integer_value(json_object_get(before, "sequence")) > 0)
        client_say(client, meeting_sheet_replaced, client_number(client, (long long)rows),
                   client_number(client, (long long)json_array_size(json_object_get(after, "rows"))));
}

static enum exit_status put(struct client *client, const struct plan *plan, const json_t *meeting, const char *file)
{
    const json_t *attendance = json_object_get(meeting, "attendance");
    enum exit_status status;
    struct posted posted;
    json_t *rows = sheet_read(client, plan, file, &status);

    if (!rows)
        return status;
    status = posting_put(client, meeting_path(client, json_text_member(meeting, "meeting"), "attendance"),
                         meeting_tag(client, attendance, "sequence"),
                         json_pack("{so ss*}", "rows", rows, "reason", client_option(client, "reason")), &posted);
    if (status == EXIT_UNREACHABLE)
        client_say(client, meeting_offline);
    if (status == EXIT_DONE && !client->json) {
        meeting_show(client, posted.answer);
        tell_replaced(client, attendance, json_object_get(posted.answer, "attendance"));
    }
    json_decref(posted.answer);
    return status;
}

static void show_rows(struct client *client, const struct plan *plan, const json_t *rows)
{
    struct listing_column columns[SHEET_COLUMN_COUNT];
    struct listing *listing;
    const json_t *row;
    size_t i;

    for (int column = 0; column < SHEET_COLUMN_COUNT; column++)
        columns[column] = (struct listing_column){sheet_headings[column].text[client->language], LISTING_WRAPS};
    listing = listing_new(client->arena, columns, SHEET_COLUMN_COUNT);
    json_array_foreach(rows, i, row) {
        const char *code = json_text_member(row, "office");
        const struct office *office = code ? plan_office(plan, code) : NULL;

        listing_row(listing, (const char *[]){sheet_written(client, SHEET_PART, json_text_member(row, "part")),
                                              office ? office->name.text[client->language] : "",
                                              json_text_member(row, "post"), json_text_member(row, "name"),
                                              sheet_written(client, SHEET_SEX, json_text_member(row, "sex")),
                                              sheet_written(client, SHEET_DUTY, json_text_member(row, "duty")),
                                              sheet_written(client, SHEET_SEAT, json_text_member(row, "seat")),
                                              json_is_true(json_object_get(row, "served")) ? "✓" : "",
                                              json_is_true(json_object_get(row, "authorised")) ? "✓" : ""});
    }
    client_show(client, listing);
}

enum exit_status meeting_attendance(struct client *client, const struct plan *plan)
{
    const char *output = client_option(client, "output");
    json_t *meeting;
    enum exit_status status = meetings_find(client, plan, client->arguments.words[1], &meeting);

    if (status != EXIT_DONE)
        return status;
    if (client->arguments.word_count > 2)
        status = put(client, plan, meeting, client->arguments.words[2]);
    else if (output)
        status = export_is_misnamed(client, output, "csv") ? EXIT_USAGE : save(client, plan, meeting, output);
    else if (client->json)
        client_print_json(json_object_get(meeting, "attendance"));
    else
        show_rows(client, plan, json_object_get(json_object_get(meeting, "attendance"), "rows"));
    json_decref(meeting);
    return status;
}
