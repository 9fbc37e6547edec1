/* year_status.c: the matrix: a row for each office, a column of one sign for each form and period, named below by letters. */
#include "year_status.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "naming.h"
#include "obligations.h"

enum { MOST_COLUMNS = 52, MOST_UNITS = 64 };

/* One form and period, in the order of the answer. */
struct column {
    const char *form, *period;
    const json_t *first; /* any of its obligations */
    char letter[2];
};

struct matrix {
    struct client *client;
    const struct cached_plan *plan;
    const json_t *obligations, *groups, *city; /* lists of the answers */
    struct column columns[MOST_COLUMNS];
    size_t column_count;
};

static const char *member(const json_t *object, const char *key)
{
    const char *text = json_text_member(object, key);

    return text ? text : "";
}

static json_int_t number(const json_t *row, const char *key)
{
    return json_integer_value(json_object_get(row, key));
}

static const struct column *find_column(const struct matrix *matrix, const json_t *row)
{
    for (size_t i = 0; i < matrix->column_count; i++)
        if (strcmp(matrix->columns[i].form, member(row, "form")) == 0 &&
            strcmp(matrix->columns[i].period, member(row, "period")) == 0)
            return &matrix->columns[i];
    return NULL;
}

static bool collect_columns(struct matrix *matrix)
{
    const json_t *one;
    size_t i;

    json_array_foreach(matrix->obligations, i, one) {
        size_t at = matrix->column_count;

        if (find_column(matrix, one))
            continue;
        if (at == MOST_COLUMNS)
            return false;
        matrix->columns[at] = (struct column){member(one, "form"),
                                              member(one, "period"),
                                              one,
                                              {(char)(at < 26 ? 'A' + (char)at : 'a' + (char)(at - 26)), '\0'}};
        matrix->column_count++;
    }
    return true;
}

static const json_t *find_obligation(const struct matrix *matrix, const struct column *column, const char *office)
{
    const json_t *one;
    size_t i;

    json_array_foreach(matrix->obligations, i, one) {
        if (strcmp(member(one, "office"), office) == 0 && strcmp(member(one, "form"), column->form) == 0 &&
            strcmp(member(one, "period"), column->period) == 0)
            return one;
    }
    return NULL;
}

/* What a matrix says of an obligation, in one sign. */
typedef const char *sign_of(struct client *client, const json_t *obligation);

static const char *timeliness_sign(struct client *client, const json_t *obligation)
{
    return standing_sign(client, obligation_standing(obligation));
}

static const char *review_sign(struct client *client, const json_t *obligation)
{
    static const struct {
        const char *state;
        enum message sign;
    } signs[] = {{"received", MESSAGE_sign_received},
                 {"returned", MESSAGE_sign_returned},
                 {"accepted", MESSAGE_sign_accepted},
                 {"official", MESSAGE_sign_official}};

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (strcmp(member(obligation, "review"), signs[i].state) == 0)
            return message_text(signs[i].sign, client->language);
    return client_word(client, sign_not_received);
}

static void add_office(const struct matrix *matrix, struct listing *listing, const struct office *office, sign_of *sign)
{
    const char *texts[MOST_COLUMNS + 1] = {name_text(office->name, matrix->client->language)};
    bool owes = false;

    for (size_t i = 0; i < matrix->column_count; i++) {
        const json_t *one = find_obligation(matrix, &matrix->columns[i], office->code);

        texts[i + 1] = one ? sign(matrix->client, one) : "";
        owes = owes || one;
    }
    if (owes)
        listing_row(listing, texts);
}

static bool is_member(const struct group *group, const struct office *office, int year)
{
    for (size_t m = 0; m < group->member_count; m++)
        if (group->members[m].office == office && year >= group->members[m].from && year <= group->members[m].to)
            return true;
    return false;
}

/* What the units of an answer received, a number for each column. */
static void add_units(const struct matrix *matrix, struct listing *listing, const json_t *rows, const char *unit)
{
    struct client *client = matrix->client;
    const char *texts[MOST_COLUMNS + 1] = {0};
    const json_t *row;
    size_t i;

    json_array_foreach(rows, i, row) {
        const struct column *column = find_column(matrix, row);

        if (strcmp(member(row, "unit"), unit) != 0 || !column)
            continue;
        texts[0] = client_text(client, unit_received, naming_of(client, json_object_get(row, "name")));
        texts[column - matrix->columns + 1] = client_number(client, number(row, "received"));
    }
    if (texts[0])
        listing_row(listing, texts);
}

/* Offices by group as the groups are in that year, then those of no group; below each what it received, if `counts`. */
static void show_matrix(const struct matrix *matrix, int year, sign_of *sign, bool counts)
{
    const struct plan *plan = matrix->plan->plan;
    struct listing_column columns[MOST_COLUMNS + 1] = {{client_word(matrix->client, office), LISTING_WRAPS}};

    for (size_t i = 0; i < matrix->column_count; i++)
        columns[i + 1] = (struct listing_column){matrix->columns[i].letter, LISTING_LEFT};

    struct listing *listing = listing_new(matrix->client->arena, columns, matrix->column_count + 1);

    for (size_t g = 0; g <= plan->group_count; g++) {
        for (size_t i = 0; i < plan->office_count; i++) {
            bool grouped = false;

            for (size_t k = 0; k < plan->group_count; k++)
                grouped = grouped || is_member(&plan->groups[k], &plan->offices[i], year);
            if (g < plan->group_count ? is_member(&plan->groups[g], &plan->offices[i], year) : !grouped)
                add_office(matrix, listing, &plan->offices[i], sign);
        }
        if (counts && g < plan->group_count)
            add_units(matrix, listing, matrix->groups, plan->groups[g].code);
    }
    if (counts)
        add_units(matrix, listing, matrix->city, member(json_array_get(matrix->city, 0), "unit"));
    client_show(matrix->client, listing);
}

/* "5/7", or "5/7 (2)" where two are overdue. */
static const char *tally_text(const struct matrix *matrix, json_int_t received, json_int_t expected,
                              json_int_t outstanding)
{
    struct client *client = matrix->client;
    const char *text =
        outstanding > 0
            ? arena_format(client->arena,
                           "%" JSON_INTEGER_FORMAT "/%" JSON_INTEGER_FORMAT " (%" JSON_INTEGER_FORMAT ")", received,
                           expected, outstanding)
            : arena_format(client->arena, "%" JSON_INTEGER_FORMAT "/%" JSON_INTEGER_FORMAT, received, expected);

    return text ? text : "";
}

/* The tally of a unit for one column, or for all of them (`column` NULL). */
static const char *unit_text(const struct matrix *matrix, const json_t *rows, const char *unit,
                             const struct column *column)
{
    json_int_t received = 0, expected = 0, outstanding = 0;
    const json_t *row;
    size_t i;

    json_array_foreach(rows, i, row) {
        if (strcmp(member(row, "unit"), unit) != 0 || (column && (strcmp(member(row, "form"), column->form) != 0 ||
                                                                  strcmp(member(row, "period"), column->period) != 0)))
            continue;
        received += number(row, "received");
        expected += number(row, "expected");
        outstanding += number(row, "outstanding");
    }
    return expected > 0 ? tally_text(matrix, received, expected, outstanding) : "";
}

/* The units of an answer, each once, as they come. */
static size_t list_units(const json_t *rows, const json_t **ret_units, size_t most)
{
    const json_t *row;
    size_t count = 0, i;

    json_array_foreach(rows, i, row) {
        bool seen = false;

        for (size_t k = 0; k < count; k++)
            seen = seen || strcmp(member(ret_units[k], "unit"), member(row, "unit")) == 0;
        if (!seen && count < most)
            ret_units[count++] = row;
    }
    return count;
}

/* The day that counts for everyone: extensions are of single offices. */
static const char *due_text(const struct matrix *matrix, const struct column *column)
{
    const json_t *row;
    size_t i;

    json_array_foreach(matrix->city, i, row) {
        if (find_column(matrix, row) == column)
            return member(row, "due_date");
    }
    return "";
}

/* Groups, then the city: its other wholes are asked for by name where figures need them. */
static void show_totals(const struct matrix *matrix)
{
    struct client *client = matrix->client;
    const json_t *units[MOST_UNITS];
    size_t group_count = list_units(matrix->groups, units, MOST_UNITS - 1);
    size_t count = group_count + list_units(matrix->city, units + group_count, 1);
    struct listing_column columns[MOST_UNITS + 4] = {{client_word(client, column), LISTING_LEFT},
                                                     {client_word(client, form), LISTING_WRAPS},
                                                     {client_word(client, period), LISTING_LEFT},
                                                     {client_word(client, due_date), LISTING_LEFT}};

    for (size_t u = 0; u < count; u++)
        columns[u + 4] = (struct listing_column){naming_of(client, json_object_get(units[u], "name")), LISTING_RIGHT};

    struct listing *listing = listing_new(client->arena, columns, count + 4);

    for (size_t i = 0; i <= matrix->column_count; i++) {
        const struct column *column = i < matrix->column_count ? &matrix->columns[i] : NULL;
        const char *texts[MOST_UNITS + 4] = {"", client_word(client, all_forms), "", ""};

        if (column) {
            texts[0] = column->letter;
            texts[1] = naming_of(client, json_object_get(column->first, "form_name"));
            texts[2] = column->period;
            texts[3] = client_date(client, due_text(matrix, column));
        }
        for (size_t u = 0; u < count; u++)
            texts[u + 4] =
                unit_text(matrix, u < group_count ? matrix->groups : matrix->city, member(units[u], "unit"), column);
        listing_row(listing, texts);
    }
    client_print(client, matrix_totals);
    client_show(client, listing);
}

/* What is closed, and what was withdrawn: the signs don't say it. */
static void show_standing(const struct matrix *matrix)
{
    struct client *client = matrix->client;
    const json_t *one;
    size_t i;

    for (i = 0; i < matrix->column_count; i++) {
        const json_t *closed = json_object_get(matrix->columns[i].first, "closed");

        if (json_is_object(closed))
            client_print(client, matrix_closed,
                         arena_format(client->arena, "%s %s",
                                      naming_of(client, json_object_get(matrix->columns[i].first, "form_name")),
                                      matrix->columns[i].period),
                         member(closed, "reason"));
    }
    json_array_foreach(matrix->obligations, i, one) {
        const json_t *withdrawn = json_object_get(one, "withdrawn");

        if (json_is_object(withdrawn))
            client_print(client, matrix_withdrawn,
                         naming_document(client, matrix->plan->plan, member(one, "form"), member(one, "office"),
                                         member(one, "period")),
                         member(withdrawn, "reason"));
    }
}

static enum exit_status show(struct matrix *matrix, const char *year, const json_t *answer, size_t waiting)
{
    struct client *client = matrix->client;
    const char *as_of = json_text_member(answer, "as_of");
    int roc_year = (int)json_integer_value(json_object_get(answer, "year"));

    if (!collect_columns(matrix))
        return client_usage(client, client_word(client, out_of_memory));
    if (matrix->plan->sample)
        client_print(client, sample_label);
    client_print(client, figures_title, name_text(matrix->plan->plan->name, client->language),
                 client_text(client, matrix_title, year));
    if (as_of)
        client_print(client, matrix_as_of, client_exact_moment(client, as_of));
    puts("");
    show_matrix(matrix, roc_year, timeliness_sign, true);
    client_print_prose(client, client_word(client, matrix_legend));
    puts("");
    client_print(client, matrix_reviews);
    show_matrix(matrix, roc_year, review_sign, false);
    client_print_prose(client, client_word(client, matrix_reviews_legend));
    puts("");
    show_totals(matrix);
    show_standing(matrix);
    if (waiting > 0)
        client_print(client, matrix_waiting, client_number(client, (long long)waiting));
    return EXIT_DONE;
}

enum exit_status year_status_show(struct client *client, const char *year, size_t waiting)
{
    struct cached_plan plan;
    json_t *answer = NULL, *groups = NULL, *city = NULL;
    enum exit_status status = plan_current(client, &plan);

    if (status != EXIT_DONE)
        return status;
    status = obligations_ask(client, plan.plan, "obligations", year, NULL, &answer);
    if (status == EXIT_DONE && answer)
        status = obligations_ask(client, plan.plan, "timeliness", year, "group", &groups);
    if (status == EXIT_DONE && answer)
        status = obligations_ask(client, plan.plan, "timeliness", year, "city", &city);
    if (status != EXIT_DONE || !answer) {
        /* said, or kept as a file */
    } else if (client->json) {
        json_t *all = json_pack("{sO sO sO}", "obligations", answer, "group", groups, "city", city);

        client_print_json(all);
        json_decref(all);
    } else {
        struct matrix matrix = {.client = client,
                                .plan = &plan,
                                .obligations = json_object_get(answer, "obligations"),
                                .groups = json_object_get(groups, "timeliness"),
                                .city = json_object_get(city, "timeliness")};

        status = show(&matrix, year, answer, waiting);
    }
    json_decref(answer);
    json_decref(groups);
    json_decref(city);
    cached_plan_release(&plan);
    return status;
}
