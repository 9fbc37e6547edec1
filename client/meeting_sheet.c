/* meeting_sheet.c: tributary meeting attendance: who was there, from the table that people keep. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "export.h"
#include "files.h"
#include "meetings.h"
#include "offices.h"
#include "posting.h"
#include "sheet/csv.h"
#include "sheet/grid.h"

enum { FILE_LIMIT = 8 * 1024 * 1024, VALUES = 100000, OUT_LIMIT = 1024 * 1024 };

enum column { PART, OFFICE, POST, NAME, SEX, DUTY, SEAT, SERVED, AUTHORISED, COLUMN_COUNT };

static const struct name headings[COLUMN_COUNT] = {
    [PART] = {{"出席別", "Part"}},
    [OFFICE] = {{"機關", "Office"}},
    [POST] = {{"職稱", "Post"}},
    [NAME] = {{"姓名", "Name"}},
    [SEX] = {{"性別", "Sex"}},
    [DUTY] = {{"會議職務", "Duty"}},
    [SEAT] = {{"內外聘", "Seat"}},
    [SERVED] = {{"曾任性平會外聘委員", "Served on the council"}},
    [AUTHORISED] = {{"充分授權", "Fully authorised"}},
};

/* Words that people write, and what they are in the contract. */
struct word {
    const char *written, *code;
};

static const struct word parts[] = {{"出席", "present"},          {"列席", "sitting_in"},
                                    {"請假", "excused"},          {"缺席", "absent"},
                                    {"present", "present"},       {"sitting_in", "sitting_in"},
                                    {"sitting in", "sitting_in"}, {"excused", "excused"},
                                    {"absent", "absent"},         {NULL, NULL}};
static const struct word sexes[] = {{"男", "m"}, {"女", "f"}, {"m", "m"}, {"f", "f"}, {NULL, NULL}};
static const struct word duties[] = {{"主席", "chair"},  {"紀錄", "recorder"},     {"記錄", "recorder"},
                                     {"chair", "chair"}, {"recorder", "recorder"}, {NULL, NULL}};
static const struct word seats[] = {
    {"內聘", "internal"}, {"外聘", "external"}, {"internal", "internal"}, {"external", "external"}, {NULL, NULL}};

struct sheet {
    struct client *client;
    const struct plan *plan;
    const char *file;
    int columns[COLUMN_COUNT]; /* where each stands; -1: nowhere */
};

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* How long the blank is that a text begins with, the wide one of Chinese too; 0: none. */
static size_t blank_length(const char *text)
{
    if (*text && strchr(" \t\r\n", *text))
        return 1;
    return strncmp(text, "　", strlen("　")) == 0 ? strlen("　") : 0;
}

/* A cell without the blanks around it; NULL if it is empty or isn't there. */
static const char *cell(struct sheet *sheet, const struct grid_row *row, enum column column)
{
    int place = sheet->columns[column];
    const char *text = place >= 0 && (size_t)place < row->cell_count ? row->cells[place].text : "";
    size_t end = 0;

    while (blank_length(text))
        text += blank_length(text);
    for (size_t i = 0; text[i]; i++) {
        size_t blank = blank_length(text + i);

        if (blank)
            i += blank - 1;
        else
            end = i + 1;
    }
    return end ? arena_copy(sheet->client->arena, text, end) : NULL;
}

static bool refuse(struct sheet *sheet, const struct grid_row *row, enum column column, const char *text)
{
    client_usage(sheet->client, client_text(sheet->client, meeting_cell_bad, sheet->file,
                                            client_number(sheet->client, (long long)row->number), text,
                                            headings[column].text[sheet->client->language]));
    return false;
}

/* *ret_code stays NULL for an empty cell. False, having said so, if the word is unknown. */
static bool read_word(struct sheet *sheet, const struct grid_row *row, enum column column, const struct word *words,
                      const char **ret_code)
{
    const char *text = cell(sheet, row, column);

    *ret_code = NULL;
    if (!text)
        return true;
    for (; words->written; words++)
        if (strcmp(words->written, text) == 0) {
            *ret_code = words->code;
            return true;
        }
    return refuse(sheet, row, column, text);
}

static bool stands_before(const char *text, const char *word, const char *mark)
{
    const char *found = strstr(text, word), *end = strstr(text, mark);

    return found && (!end || found < end);
}

/* Whether it says in which city or county it is, and not in the plan's own. */
static bool is_elsewhere(const struct sheet *sheet, const char *text)
{
    const struct name *own = &sheet->plan->jurisdiction_name;
    const char *zh = own->text[LANGUAGE_ZH], *en = strcasestr(text, own->text[LANGUAGE_EN]);

    if (strncmp(text, zh, strlen(zh)) == 0)
        text += strlen(zh);
    if (stands_before(text, "市", "區公所") || stands_before(text, "縣", "區公所"))
        return true;
    return !en && (strchr(text, ',') || strcasestr(text, " City") || strcasestr(text, " County"));
}

/* Whether what no office of the plan is called says that it is one: a slip of the pen, which would be lost in the post. A
 * guest from another city's office names the city, and 社區 or 園區 are no offices. */
static bool claims_office(const struct sheet *sheet, const char *text)
{
    static const char ending[] = "區公所";
    size_t length = strlen(text), least = sizeof ending - 1;

    if (is_elsewhere(sheet, text))
        return false;
    return strcasestr(text, "District Office") || (length >= least && strcmp(text + length - least, ending) == 0);
}

/* Whose row it is: an office of the plan, perhaps with a section of it, which is said with the post; what is none stays with
 * the post alone. False, having said so, if it seems misspelt. */
static bool read_office(struct sheet *sheet, const struct grid_row *row, const char **ret_code, const char **ret_post)
{
    const char *text = cell(sheet, row, OFFICE), *post = cell(sheet, row, POST), *rest = text;
    struct client *client = sheet->client;

    *ret_code = text ? office_meant(sheet->plan, text) : NULL;
    *ret_post = post;
    if (!text || *ret_code)
        return true;
    *ret_code = office_leading(sheet->plan, text, &rest);
    if (!*ret_code && claims_office(sheet, text)) {
        client_usage(client, client_text(client, meeting_office_bad, sheet->file,
                                         client_number(client, (long long)row->number), text));
        return false;
    }
    *ret_post = post ? arena_format(client->arena, "%s %s", rest, post) : arena_text(client->arena, rest);
    return true;
}

static bool is_ticked(struct sheet *sheet, const struct grid_row *row, enum column column)
{
    const char *text = cell(sheet, row, column);

    return text && strcmp(text, "否") != 0 && strcmp(text, "no") != 0 && strcmp(text, "-") != 0 &&
           strcmp(text, "－") != 0;
}

static json_t *read_row(struct sheet *sheet, const struct grid_row *row)
{
    const char *part, *sex, *duty, *seat, *code, *post;

    if (!read_word(sheet, row, PART, parts, &part) || !read_word(sheet, row, SEX, sexes, &sex) ||
        !read_word(sheet, row, DUTY, duties, &duty) || !read_word(sheet, row, SEAT, seats, &seat))
        return NULL;
    if (!read_office(sheet, row, &code, &post))
        return NULL;
    return json_pack("{ss ss? ss? ss? ss? ss? ss? sb sb}", "part", part ? part : "present", "office", code, "post",
                     post, "name", cell(sheet, row, NAME), "sex", sex, "duty", duty, "seat", seat, "served",
                     is_ticked(sheet, row, SERVED), "authorised", is_ticked(sheet, row, AUTHORISED));
}

/* Finds the columns in a row of headings; false if it is none. */
static bool read_headings(struct sheet *sheet, const struct grid_row *row)
{
    for (int column = 0; column < COLUMN_COUNT; column++) {
        sheet->columns[column] = -1;
        for (size_t i = 0; i < row->cell_count; i++) {
            const char *text = row->cells[i].text;

            if (strcmp(text, headings[column].text[LANGUAGE_ZH]) == 0 ||
                strcmp(text, headings[column].text[LANGUAGE_EN]) == 0 || (column == DUTY && strcmp(text, "職務") == 0))
                sheet->columns[column] = (int)i;
        }
    }
    return sheet->columns[PART] >= 0;
}

static bool is_blank_row(struct sheet *sheet, const struct grid_row *row)
{
    for (int column = 0; column < COLUMN_COUNT; column++)
        if (column != PART && column != OFFICE && cell(sheet, row, (enum column)column))
            return false;
    return !cell(sheet, row, PART) || !cell(sheet, row, OFFICE);
}

/* The rows of a table file as the contract has them; NULL, having said why. */
static json_t *read_table(struct sheet *sheet, const char *bytes, size_t length)
{
    struct findings findings = FINDINGS_IN(sheet->client->arena);
    struct grid grid = {0};
    json_t *rows = json_array();
    bool found = false, good = grid_read_file(bytes, length, &findings, &grid) && findings.error_count == 0;

    for (size_t i = 0; good && grid.sheet_count && i < grid.sheets[0].row_count; i++) {
        const struct grid_row *row = &grid.sheets[0].rows[i];
        json_t *read;

        if (!found) {
            found = read_headings(sheet, row);
            continue;
        }
        if (is_blank_row(sheet, row))
            continue;
        read = read_row(sheet, row);
        if (!read || json_array_append_new(rows, read) != 0) {
            json_decref(rows);
            return NULL;
        }
    }
    if (found)
        return rows;
    json_decref(rows);
    client_usage(sheet->client, client_text(sheet->client, meeting_column_missing, sheet->file));
    return NULL;
}

static json_t *read_file(struct client *client, const struct plan *plan, const char *file, enum exit_status *ret_status)
{
    struct sheet sheet = {.client = client, .plan = plan, .file = file};
    struct json_fault fault;
    const char *bytes;
    size_t length;
    json_t *json = NULL, *rows;
    int error = file_read(client->arena, file, FILE_LIMIT, &bytes, &length);

    *ret_status = EXIT_USAGE;
    if (error) {
        *ret_status = client_machine_fault(client, file, error);
        return NULL;
    }
    if (length && (bytes[0] == '[' || bytes[0] == '{'))
        json = json_parse_strict(bytes, length, VALUES, &fault);
    if (!json)
        return read_table(&sheet, bytes, length);
    rows = json_is_object(json) ? json_object_get(json, "rows") : json;
    rows = json_incref(rows ? rows : json);
    json_decref(json);
    return rows;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

/* The reader's word for a code: in Chinese the first one, in English the last. */
static const char *written(const struct client *client, const struct word *words, const char *code)
{
    const char *found = NULL;

    for (; code && words->written; words++) {
        bool chinese = (unsigned char)words->written[0] >= 0x80;

        if (strcmp(words->code, code) == 0 && chinese == (client->language == LANGUAGE_ZH) && (!chinese || !found))
            found = words->written;
    }
    return found;
}

static void write_row(const struct client *client, const struct plan *plan, const json_t *row, struct buffer *out)
{
    const char *yes = client->language == LANGUAGE_ZH ? "是" : "yes";
    const char *code = json_text_member(row, "office");
    const struct office *office = code ? plan_office(plan, code) : NULL;
    const char *texts[COLUMN_COUNT] = {
        [PART] = written(client, parts, json_text_member(row, "part")),
        [OFFICE] = office ? office->name.text[client->language] : NULL,
        [POST] = json_text_member(row, "post"),
        [NAME] = json_text_member(row, "name"),
        [SEX] = written(client, sexes, json_text_member(row, "sex")),
        [DUTY] = written(client, duties, json_text_member(row, "duty")),
        [SEAT] = written(client, seats, json_text_member(row, "seat")),
        [SERVED] = json_is_true(json_object_get(row, "served")) ? yes : NULL,
        [AUTHORISED] = json_is_true(json_object_get(row, "authorised")) ? yes : NULL,
    };

    csv_row(out, texts, COLUMN_COUNT);
}

/* Who is to be expected where nobody wrote a sheet yet: an office of the group a row. */
static json_t *expected_rows(const struct plan *plan, const json_t *meeting)
{
    const char *unit = json_text_member(meeting, "unit");
    int year = (int)json_integer_value(json_object_get(meeting, "year"));
    json_t *rows = json_array();

    for (size_t g = 0; unit && g < plan->group_count; g++)
        for (size_t m = 0; strcmp(plan->groups[g].code, unit) == 0 && m < plan->groups[g].member_count; m++) {
            const struct member *member = &plan->groups[g].members[m];

            if (member->from <= year && year <= member->to)
                json_array_append_new(rows, json_pack("{ss ss ss}", "part", "present", "office", member->office->code,
                                                      "seat", "internal"));
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
    const char *titles[COLUMN_COUNT];
    enum exit_status status;
    size_t i;

    for (int column = 0; column < COLUMN_COUNT; column++)
        titles[column] = headings[column].text[client->language];
    csv_begin(&out);
    csv_row(&out, titles, COLUMN_COUNT);
    json_array_foreach(rows, i, row)
        write_row(client, plan, row, &out);
    status = out.failed ? client_usage(client, client_word(client, out_of_memory))
                        : export_save(client, file, out.data, out.length);
    buffer_free(&out);
    json_decref(rows);
    return status;
}

/* ---- the subcommand ---------------------------------------------------------------------------------------------- */

static enum exit_status put(struct client *client, const struct plan *plan, const json_t *meeting, const char *file)
{
    const json_t *attendance = json_object_get(meeting, "attendance");
    enum exit_status status;
    struct posted posted;
    json_t *rows = read_file(client, plan, file, &status);

    if (!rows)
        return status;
    status = posting_put(client, meeting_path(client, json_text_member(meeting, "meeting"), "attendance"),
                         meeting_tag(client, attendance, "sequence"), json_pack("{so}", "rows", rows), &posted);
    if (status == EXIT_UNREACHABLE)
        client_say(client, meeting_offline);
    if (status == EXIT_DONE && !client->json)
        meeting_show(client, posted.answer);
    json_decref(posted.answer);
    return status;
}

static void show_rows(struct client *client, const struct plan *plan, const json_t *rows)
{
    struct listing_column columns[COLUMN_COUNT];
    struct listing *listing;
    const json_t *row;
    size_t i;

    for (int column = 0; column < COLUMN_COUNT; column++)
        columns[column] = (struct listing_column){headings[column].text[client->language], LISTING_WRAPS};
    listing = listing_new(client->arena, columns, COLUMN_COUNT);
    json_array_foreach(rows, i, row) {
        const char *code = json_text_member(row, "office");
        const struct office *office = code ? plan_office(plan, code) : NULL;

        listing_row(listing, (const char *[]){written(client, parts, json_text_member(row, "part")),
                                              office ? office->name.text[client->language] : "",
                                              json_text_member(row, "post"), json_text_member(row, "name"),
                                              written(client, sexes, json_text_member(row, "sex")),
                                              written(client, duties, json_text_member(row, "duty")),
                                              written(client, seats, json_text_member(row, "seat")),
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
        status = save(client, plan, meeting, output);
    else if (client->json)
        client_print_json(json_object_get(meeting, "attendance"));
    else
        show_rows(client, plan, json_object_get(json_object_get(meeting, "attendance"), "rows"));
    json_decref(meeting);
    return status;
}
