/* meeting_sheet_read.c: a table of who was there, as people keep it. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/blank.h"
#include "base/json.h"
#include "files.h"
#include "meeting_sheet.h"
#include "offices.h"
#include "sheet/csv.h"
#include "sheet/grid.h"

enum { FILE_LIMIT = 8 * 1024 * 1024, VALUES = 100000 };

struct sheet {
    struct client *client;
    const struct plan *plan;
    const char *file;
    int columns[SHEET_COLUMN_COUNT]; /* where each stands; -1: nowhere */
    json_t *people;                  /* whose row it is, and its number */
    long long mistakes;
    bool has_chair;
};

/* A text without the blanks around it, in the arena; NULL if nothing is left. */
static const char *trimmed(const struct sheet *sheet, const char *text)
{
    size_t end = 0;

    text = blank_skip(text);
    for (size_t i = 0; text[i]; i++) {
        size_t blank = blank_length(text + i);

        if (blank)
            i += blank - 1;
        else
            end = i + 1;
    }
    return end ? arena_copy(sheet->client->arena, text, end) : NULL;
}

/* A cell without the blanks around it; NULL if it is empty or isn't there. */
static const char *cell(const struct sheet *sheet, const struct grid_row *row, enum sheet_column column)
{
    int place = sheet->columns[column];

    return place >= 0 && (size_t)place < row->cell_count ? trimmed(sheet, row->cells[place].text) : NULL;
}

/* Whether a text is that word, large or small and with whatever blanks: tables write 姓　名 and 出 席. */
static bool is_word(const char *text, const char *word)
{
    text = blank_skip(text);
    word = blank_skip(word);
    while (*text && tolower((unsigned char)*text) == tolower((unsigned char)*word)) {
        text = blank_skip(text + 1);
        word = blank_skip(word + 1);
    }
    return !*text && !*word;
}

static void count_mistake(struct sheet *sheet, const char *words)
{
    client_say_text(sheet->client, words);
    sheet->mistakes++;
}

/* "出席、列席、請假、缺席": each meaning once, in the reader's words. */
static const char *choices(const struct sheet *sheet, enum sheet_column column)
{
    const char *text = NULL;

    for (const struct sheet_word *word = sheet_words[column]; word->written; word++)
        if (sheet_written(sheet->client, column, word->code) == word->written)
            text = text
                       ? arena_format(sheet->client->arena,
                                      sheet->client->language == LANGUAGE_ZH ? "%s、%s" : "%s, %s", text, word->written)
                       : word->written;
    return text;
}

static void refuse(struct sheet *sheet, const struct grid_row *row, enum sheet_column column, const char *text)
{
    struct client *client = sheet->client;
    const char *number = client_number(client, (long long)row->number),
               *wanted = arena_format(client->arena, client->language == LANGUAGE_ZH ? "%s（%s）" : "%s (%s)",
                                      sheet_headings[column].text[client->language], choices(sheet, column));

    count_mistake(sheet, text ? client_text(client, meeting_cell_bad, sheet->file, number, text, wanted)
                              : client_text(client, meeting_cell_empty, sheet->file, number, wanted));
}

/* NULL for an empty cell, and for a word that is unknown, having said so. */
static const char *read_word(struct sheet *sheet, const struct grid_row *row, enum sheet_column column)
{
    const char *text = cell(sheet, row, column);

    for (const struct sheet_word *word = sheet_words[column]; text && word->written; word++)
        if (is_word(text, word->written))
            return word->code;
    if (text)
        refuse(sheet, row, column, text);
    return NULL;
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
 * the post alone. */
static void read_office(struct sheet *sheet, const struct grid_row *row, const char **ret_code, const char **ret_post)
{
    const char *text = cell(sheet, row, SHEET_OFFICE), *post = cell(sheet, row, SHEET_POST), *rest = text, *like;
    struct client *client = sheet->client;
    const char *number = client_number(client, (long long)row->number);

    *ret_code = text ? office_meant(sheet->plan, text) : NULL;
    *ret_post = post;
    if (!text || *ret_code)
        return;
    *ret_code = office_leading(sheet->plan, text, &rest);
    if (!*ret_code && claims_office(sheet, text)) {
        like = office_like(sheet->plan, text, client->language);
        count_mistake(sheet, like ? client_text(client, meeting_office_like, sheet->file, number, text, like)
                                  : client_text(client, meeting_office_bad, sheet->file, number, text));
    }
    *ret_post = post ? arena_format(client->arena, "%s %s", rest, post) : arena_text(client->arena, rest);
}

static bool is_ticked(struct sheet *sheet, const struct grid_row *row, enum sheet_column column)
{
    const char *tick = read_word(sheet, row, column);

    return tick && strcmp(tick, "yes") == 0;
}

/* A text without any blank, in the arena. */
static const char *squeezed(struct client *client, const char *text)
{
    char *all = text ? arena_alloc(client->arena, strlen(text) + 1) : NULL;
    size_t length = 0;

    if (all)
        for (text = blank_skip(text); *text; text = blank_skip(text + 1))
            all[length++] = *text;
    return all;
}

/* Who is on it with the same office and post stands there twice. */
static void check_once(struct sheet *sheet, const struct grid_row *row, const char *office, const char *post)
{
    struct client *client = sheet->client;
    const char *name = cell(sheet, row, SHEET_NAME);
    const char *person = name ? squeezed(client, arena_format(client->arena, "%s\x1f%s\x1f%s", office ? office : "",
                                                              post ? post : "", name))
                              : NULL;
    json_int_t before = person ? json_integer_value(json_object_get(sheet->people, person)) : 0;

    if (before)
        count_mistake(sheet,
                      client_text(client, meeting_person_twice, sheet->file,
                                  client_number(client, (long long)row->number), name, client_number(client, before)));
    else if (person)
        json_object_set_new(sheet->people, person, json_integer((json_int_t)row->number));
}

/* A row that says nothing of who was there says nothing of whether somebody was: it isn't taken for present. */
static json_t *read_row(struct sheet *sheet, const struct grid_row *row)
{
    const char *part = read_word(sheet, row, SHEET_PART), *sex = read_word(sheet, row, SHEET_SEX),
               *duty = read_word(sheet, row, SHEET_DUTY), *seat = read_word(sheet, row, SHEET_SEAT), *code, *post;
    bool served = is_ticked(sheet, row, SHEET_SERVED), authorised = is_ticked(sheet, row, SHEET_AUTHORISED);

    if (!cell(sheet, row, SHEET_PART))
        refuse(sheet, row, SHEET_PART, NULL);
    if (duty && strcmp(duty, "chair") == 0) {
        if (sheet->has_chair)
            count_mistake(sheet, client_text(sheet->client, meeting_two_chairs, sheet->file,
                                             client_number(sheet->client, (long long)row->number)));
        sheet->has_chair = true;
    }
    read_office(sheet, row, &code, &post);
    check_once(sheet, row, code, post);
    return json_pack("{ss* ss? ss? ss? ss? ss? ss? sb sb}", "part", part, "office", code, "post", post, "name",
                     cell(sheet, row, SHEET_NAME), "sex", sex, "duty", duty, "seat", seat, "served", served,
                     "authorised", authorised);
}

static const char *all_headings(const struct sheet *sheet)
{
    const char *all = "", *comma = sheet->client->language == LANGUAGE_ZH ? "、" : ", ";

    for (int column = 0; column < SHEET_COLUMN_COUNT; column++)
        all = arena_format(sheet->client->arena, "%s%s%s", all, column ? comma : "",
                           sheet_headings[column].text[sheet->client->language]);
    return all;
}

/* Other words that people put above a column. 職務 is the post where no column is called so, else the duty. */
static const struct {
    const char *written;
    enum sheet_column column;
} other_headings[] = {{"出缺席", SHEET_PART},
                      {"出席情形", SHEET_PART},
                      {"單位", SHEET_OFFICE},
                      {"服務單位", SHEET_OFFICE},
                      {"服務機關", SHEET_OFFICE},
                      {"機關名稱", SHEET_OFFICE},
                      {"單位／機關", SHEET_OFFICE},
                      {"職位", SHEET_POST},
                      {"職務", SHEET_POST},
                      {"聘任", SHEET_SEAT},
                      {"內聘／外聘", SHEET_SEAT},
                      {"授權", SHEET_AUTHORISED},
                      {"是否充分授權", SHEET_AUTHORISED}};
static const char *const left_out[] = {"序號", "編號", "項次", "備註", "No.", "No", "#", "Remarks"};

static bool is_heading_of(enum sheet_column column, const char *text)
{
    return is_word(text, sheet_headings[column].text[LANGUAGE_ZH]) ||
           is_word(text, sheet_headings[column].text[LANGUAGE_EN]);
}

/* A column by another word for it, unless it stands there already; -1: none. */
static int column_by_other(const struct sheet *sheet, const char *text)
{
    for (size_t i = 0; i < sizeof other_headings / sizeof *other_headings; i++) {
        enum sheet_column column = other_headings[i].column;

        if (!is_word(text, other_headings[i].written))
            continue;
        if (column == SHEET_POST && sheet->columns[SHEET_POST] >= 0)
            column = SHEET_DUTY;
        return sheet->columns[column] < 0 ? (int)column : -1;
    }
    return -1;
}

static bool may_be_left_out(const char *text)
{
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (is_word(text, left_out[i]))
            return true;
    return false;
}

static bool is_found(const struct sheet *sheet, size_t place)
{
    for (int column = 0; column < SHEET_COLUMN_COUNT; column++)
        if (sheet->columns[column] == (int)place)
            return true;
    return false;
}

/* What stands above a column that isn't known would be lost with the column. */
static void read_other_headings(struct sheet *sheet, const struct grid_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++) {
        const char *text = trimmed(sheet, row->cells[i].text);
        int column = text && !is_found(sheet, i) ? column_by_other(sheet, text) : -1;

        if (column >= 0)
            sheet->columns[column] = (int)i;
        else if (text && !is_found(sheet, i) && !may_be_left_out(text))
            count_mistake(sheet,
                          client_text(sheet->client, meeting_column_unknown, sheet->file, text, all_headings(sheet)));
    }
}

/* Finds the columns in a row of headings; false if it is none. */
static bool read_headings(struct sheet *sheet, const struct grid_row *row)
{
    bool found = false;

    for (int column = 0; column < SHEET_COLUMN_COUNT; column++) {
        sheet->columns[column] = -1;
        for (size_t i = 0; i < row->cell_count; i++) {
            const char *text = trimmed(sheet, row->cells[i].text);

            if (text && is_heading_of((enum sheet_column)column, text))
                sheet->columns[column] = (int)i;
        }
    }
    for (int column = 0; column < SHEET_COLUMN_COUNT; column++)
        found = found || sheet->columns[column] >= 0;
    if (found)
        read_other_headings(sheet, row);
    return found && sheet->columns[SHEET_PART] >= 0;
}

/* Nobody is named in it, and no office. */
static bool is_blank_row(struct sheet *sheet, const struct grid_row *row)
{
    for (int column = 0; column < SHEET_COLUMN_COUNT; column++)
        if (column != SHEET_PART && cell(sheet, row, (enum sheet_column)column))
            return false;
    return true;
}

/* The rows of a table as the contract has them; false if there are no headings. */
static bool read_rows(struct sheet *sheet, const struct grid_sheet *table, json_t *rows)
{
    bool found = false;

    for (size_t i = 0; i < table->row_count; i++) {
        const struct grid_row *row = &table->rows[i];

        if (!found)
            found = read_headings(sheet, row);
        else if (!is_blank_row(sheet, row))
            json_array_append_new(rows, read_row(sheet, row));
    }
    return found;
}

/* NULL, having said why. */
static json_t *read_table(struct sheet *sheet, const char *bytes, size_t length, enum exit_status *ret_status)
{
    struct findings findings = FINDINGS_IN(sheet->client->arena);
    struct grid grid = {0};
    json_t *rows = json_array();
    bool found;

    sheet->people = json_object();
    found = grid_read_file(bytes, length, &findings, &grid) && findings.error_count == 0 && grid.sheet_count > 0 &&
            read_rows(sheet, &grid.sheets[0], rows);
    json_decref(sheet->people);
    if (found && sheet->mistakes == 0)
        return rows;
    json_decref(rows);
    client_say_text(sheet->client, found ? client_text(sheet->client, meeting_sheet_mistakes,
                                                       client_number(sheet->client, sheet->mistakes))
                                         : client_text(sheet->client, meeting_column_missing, sheet->file));
    *ret_status = EXIT_REFUSED;
    return NULL;
}

json_t *sheet_read(struct client *client, const struct plan *plan, const char *file, enum exit_status *ret_status)
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
        return read_table(&sheet, bytes, length, ret_status);
    rows = json_is_object(json) ? json_object_get(json, "rows") : json;
    rows = json_incref(rows ? rows : json);
    json_decref(json);
    return rows;
}
