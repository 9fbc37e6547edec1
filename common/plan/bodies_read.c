/* bodies_read.c: reading a plan's bodies from its file. They may name each other, so that is done last. */
#include <stdint.h>
#include <string.h>

#include "plan/bodies.h"
#include "plan/reader.h"

enum { MOST_SEATS = 1000, MOST_MEETINGS = 366, LARGEST_SHARE = 100 };

/* Reads "1/3" or "10-31": two numbers of at most three digits with a sign between them. */
static bool parse_pair(const char *text, char between, int *ret_first, int *ret_second)
{
    int numbers[2] = {0, 0};

    for (int i = 0; i < 2; i++) {
        size_t digits = strspn(text, "0123456789");

        if (digits < 1 || digits > 3)
            return false;
        for (; digits > 0; digits--)
            numbers[i] = 10 * numbers[i] + (*text++ - '0');
        if (*text != (i == 0 ? between : '\0'))
            return false;
        text += i == 0;
    }
    *ret_first = numbers[0];
    *ret_second = numbers[1];
    return true;
}

static bool read_word(struct plan_reader *reader, const json_t *json, const char *key, bool required,
                      const char *word_of(size_t), size_t count, size_t *ret_place)
{
    const char *text = reader_text(reader, json, key, required);

    for (size_t i = 0; text && i < count; i++) {
        const char *word = word_of(i);

        if (word && strcmp(word, text) == 0) {
            *ret_place = i;
            return true;
        }
    }
    if (text)
        reader_fault(reader, key, "'%.80s' is no word known here", text);
    return false;
}

static const char *kind_word(size_t i)
{
    return body_kind_word((enum body_kind)i);
}

static const char *per_word(size_t i)
{
    return body_per_word((enum body_per)i);
}

static const char *quorum_word(size_t i)
{
    return body_quorum_word((enum body_quorum_kind)i);
}

/* "1/3": of either sex at least so many; never more than half, which nobody could keep of an odd number. */
static struct body_share read_share(struct plan_reader *reader, const json_t *json, const char *key)
{
    const char *text = reader_text(reader, json, key, false);
    struct body_share share = {0, 0};

    if (!text)
        return share;
    if (!parse_pair(text, '/', &share.of, &share.in) || share.of < 1 || share.in > LARGEST_SHARE ||
        2 * share.of >= share.in) {
        reader_fault(reader, key, "must be a fraction below a half, such as \"1/3\"");
        return (struct body_share){0, 0};
    }
    return share;
}

static void read_sex(struct plan_reader *reader, const json_t *root, struct body *body)
{
    const json_t *json = json_object_get(root, "sex");
    size_t mark = reader_enter_key(reader, "sex");

    if (json && reader_check_members(reader, json, "hard", "goal", NULL)) {
        body->hard = read_share(reader, json, "hard");
        body->goal = read_share(reader, json, "goal");
    }
    reader_leave(reader, mark);
}

static void check_order(struct plan_reader *reader, const char *key, int least, int most)
{
    if (most != BODY_NO_LIMIT && least > most)
        reader_fault(reader, key, "must be at least %d", least);
}

static void read_seats(struct plan_reader *reader, const json_t *root, struct body *body)
{
    const json_t *json = json_object_get(root, "seats");
    size_t mark = reader_enter_key(reader, "seats");

    body->most = body->external_most = BODY_NO_LIMIT;
    if (json &&
        reader_check_members(reader, json, "least", "most", "external_least", "external_most", "council_least", NULL)) {
        body->least = reader_int(reader, json, "least", false, 0, 0, MOST_SEATS);
        body->most = reader_int(reader, json, "most", false, BODY_NO_LIMIT, 0, MOST_SEATS);
        body->external_least = reader_int(reader, json, "external_least", false, 0, 0, MOST_SEATS);
        body->external_most = reader_int(reader, json, "external_most", false, BODY_NO_LIMIT, 0, MOST_SEATS);
        body->council_least = reader_int(reader, json, "council_least", false, 0, 0, MOST_SEATS);
        check_order(reader, "most", body->least, body->most);
        check_order(reader, "external_most", body->external_least, body->external_most);
        check_order(reader, "council_least", body->council_least, body->external_most);
    }
    reader_leave(reader, mark);
}

static void read_quorum(struct plan_reader *reader, const json_t *root, struct body *body)
{
    const json_t *json = json_object_get(root, "quorum");
    size_t mark = reader_enter_key(reader, "quorum"), place;

    if (json && reader_check_members(reader, json, "kind", "source", NULL)) {
        if (read_word(reader, json, "kind", true, quorum_word, QUORUM_HALF_OF_EXTERNAL + 1, &place))
            body->quorum = (enum body_quorum_kind)place;
        body->quorum_source = reader_text(reader, json, "source", false);
    }
    reader_leave(reader, mark);
}

static void read_months(struct plan_reader *reader, const json_t *root, struct body *body)
{
    const json_t *list = reader_array(reader, root, "months", false), *month;
    size_t mark = reader_enter_key(reader, "months"), i;

    json_array_foreach(list, i, month) {
        size_t here = reader_enter_index(reader, i);
        int number = (int)json_integer_value(month);

        if (i >= BODY_MONTHS_MOST || !json_is_integer(month) || number < 1 || number > 12)
            reader_fault(reader, NULL, "must be a month from 1 to 12");
        else
            body->months[body->month_count++] = number;
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

/* "10-31": a day that every year has. */
static void read_by(struct plan_reader *reader, const json_t *json, int *ret_month, int *ret_day)
{
    const char *text = reader_text(reader, json, "by", false);
    int month, day;

    if (!text)
        return;
    if (!parse_pair(text, '-', &month, &day) || !date_is_valid((struct date){2023, month, day})) {
        reader_fault(reader, "by", "must be a day of every year, such as \"10-31\"");
        return;
    }
    *ret_month = month;
    *ret_day = day;
}

static void read_meetings(struct plan_reader *reader, const json_t *root, struct body *body)
{
    const json_t *json = json_object_get(root, "meetings");
    size_t mark = reader_enter_key(reader, "meetings");

    if (json && reader_check_members(reader, json, "least", "months", "by", "soft", NULL)) {
        body->meetings_least = reader_int(reader, json, "least", true, 1, 1, MOST_MEETINGS);
        body->meetings_soft = reader_bool(reader, json, "soft", false);
        read_months(reader, json, body);
        read_by(reader, json, &body->by_month, &body->by_day);
    }
    reader_leave(reader, mark);
}

static const struct element *read_element(struct plan_reader *reader, const json_t *json, const char *key,
                                          const struct form *form)
{
    const char *code = reader_text(reader, json, key, true);
    const struct element *element = code ? form_element(form, code) : NULL;

    if (code && !element)
        reader_fault(reader, key, "form '%s' yields no '%s'", form->code, code);
    return element;
}

static const struct item *read_column(struct plan_reader *reader, const json_t *json, const char *key,
                                      const struct table *table)
{
    const char *code = reader_text(reader, json, key, true);
    const struct item *column = code ? table_column(table, code) : NULL;

    if (code && !column)
        reader_fault(reader, key, "table '%s' has no column '%s'", table->code, code);
    return column;
}

static void read_roster_columns(struct plan_reader *reader, const json_t *json, struct body_roster *roster)
{
    roster->name = read_column(reader, json, "name", roster->table);
    roster->sex = read_column(reader, json, "sex", roster->table);
    roster->role = read_column(reader, json, "role", roster->table);
    roster->post = read_column(reader, json, "post", roster->table);
    roster->members = read_element(reader, json, "members", roster->form);
    roster->men = read_element(reader, json, "men", roster->form);
    roster->women = read_element(reader, json, "women", roster->form);
    roster->conveners = read_element(reader, json, "conveners", roster->form);
    roster->deputies = read_element(reader, json, "deputies", roster->form);
    roster->external = read_element(reader, json, "external", roster->form);
}

static void read_roster(struct plan_reader *reader, const json_t *root, struct body *body)
{
    const json_t *json = json_object_get(root, "roster");
    size_t mark = reader_enter_key(reader, "roster");
    struct body_roster *roster = json ? reader_alloc(reader, 1, sizeof *roster) : NULL;

    if (roster && reader_check_members(reader, json, "form", "table", "name", "sex", "role", "post", "members", "men",
                                       "women", "conveners", "deputies", "external", NULL)) {
        const char *form = reader_text(reader, json, "form", true), *table = reader_text(reader, json, "table", true);

        roster->form = form ? plan_form(reader->plan, form) : NULL;
        roster->table = roster->form && table ? form_table(roster->form, table) : NULL;
        if (form && !roster->form)
            reader_fault(reader, "form", "no form has the code '%s'", form);
        else if (form && table && !roster->table)
            reader_fault(reader, "table", "form '%s' has no table '%s'", form, table);
        if (roster->table)
            read_roster_columns(reader, json, roster);
        if (body->per != BODY_PER_OFFICE)
            reader_fault(reader, NULL, "only a body of each office has a roster");
        body->roster = roster;
    }
    reader_leave(reader, mark);
}

static void read_units(struct plan_reader *reader, const json_t *root, struct body *body)
{
    const json_t *list = reader_array(reader, root, "units", body->per == BODY_PER_UNIT), *json;
    size_t mark = reader_enter_key(reader, "units"), i;

    if (list && body->per != BODY_PER_UNIT)
        reader_fault(reader, NULL, "only a body per \"unit\" names its units");
    body->units = reader_alloc(reader, json_array_size(list), sizeof *body->units);
    json_array_foreach(list, i, json) {
        size_t here = reader_enter_index(reader, i), there;

        if (body->units && reader_check_members(reader, json, "code", "name", NULL)) {
            struct body_unit unit = {reader_code(reader, json, "code"), reader_name(reader, json, "name", true)};

            if (unit.code && body->per == BODY_PER_UNIT && body_unit_find(reader->plan, body, unit.code, 0, &there))
                reader_fault(reader, "code", "'%s' stands twice", unit.code);
            else if (unit.code)
                body->units[body->unit_count++] = unit;
        }
        reader_leave(reader, here);
    }
    reader_leave(reader, mark);
}

/* The name of who keeps its papers, or "rotating": the offices of its group take turns. */
static void read_secretariat(struct plan_reader *reader, const json_t *json, struct body *body)
{
    const json_t *value = json_object_get(json, "secretariat");

    if (!json_is_string(value)) {
        body->secretariat = reader_name(reader, json, "secretariat", false);
        return;
    }
    body->rotating = strcmp(json_string_value(value), "rotating") == 0;
    if (!body->rotating || body->per != BODY_PER_GROUP)
        reader_fault(reader, "secretariat", "must be a name, or of a group's body \"rotating\"");
}

static void read_stage(struct plan_reader *reader, const json_t *json, struct body *body)
{
    const char *code = reader_text(reader, json, "stage", false);

    for (size_t i = 0; code && i < reader->plan->stage_count; i++)
        if (strcmp(reader->plan->stages[i].code, code) == 0)
            body->stage = &reader->plan->stages[i];
    if (code && (!body->stage || !body->stage->body))
        reader_fault(reader, "stage", "no body decides at a stage '%s'", code);
    else if (code && body->stage->own != (body->per == BODY_PER_OFFICE))
        reader_fault(reader, "stage", "'%s' is not decided by a body of that kind", code);
}

static void read_body(struct plan_reader *reader, const json_t *json)
{
    struct plan_bodies *all = reader->plan->bodies;
    struct body body = {0};
    size_t place;

    if (!reader_check_members(reader, json, "code", "name", "kind", "per", "units", "stage", "roster", "secretariat",
                              "convener", "deputy", "executive_secretary", "attending", "sitting_in", "seats", "sex",
                              "quorum", "meetings", "refers_to", "notes_to", "source", NULL))
        return;
    body.code = reader_code(reader, json, "code");
    body.name = reader_name(reader, json, "name", true);
    body.source = reader_text(reader, json, "source", true);
    if (read_word(reader, json, "kind", true, kind_word, BODY_TEAM + 1, &place))
        body.kind = (enum body_kind)place;
    if (read_word(reader, json, "per", false, per_word, BODY_PER_UNIT + 1, &place))
        body.per = (enum body_per)place;
    read_units(reader, json, &body);
    read_stage(reader, json, &body);
    read_roster(reader, json, &body);
    read_secretariat(reader, json, &body);
    body.convener = reader_name(reader, json, "convener", false);
    body.deputy = reader_name(reader, json, "deputy", false);
    body.executive_secretary = reader_name(reader, json, "executive_secretary", false);
    body.attending = reader_name(reader, json, "attending", false);
    body.sitting_in = reader_name(reader, json, "sitting_in", false);
    read_seats(reader, json, &body);
    read_sex(reader, json, &body);
    read_quorum(reader, json, &body);
    read_meetings(reader, json, &body);
    if (body.code && plan_body(reader->plan, body.code))
        reader_fault(reader, "code", "body '%s' stands twice", body.code);
    else if (body.code)
        all->bodies[all->body_count++] = body;
}

static const struct body *find_other(struct plan_reader *reader, const json_t *json, const char *key)
{
    const char *code = reader_text(reader, json, key, false);
    const struct body *body = code ? plan_body(reader->plan, code) : NULL;

    if (code && !body)
        reader_fault(reader, key, "no body has the code '%s'", code);
    return body;
}

/* Whom each body refers to, once all are known. */
static void link_bodies(struct plan_reader *reader, const json_t *list)
{
    const json_t *json;
    size_t i;

    json_array_foreach(list, i, json) {
        size_t here = reader_enter_index(reader, i);
        const char *code = json_string_value(json_object_get(json, "code"));
        struct body *body = code ? (struct body *)(uintptr_t)plan_body(reader->plan, code) : NULL;

        if (body) {
            body->refers_to = find_other(reader, json, "refers_to");
            body->notes_to = find_other(reader, json, "notes_to");
        }
        reader_leave(reader, here);
    }
}

static bool has_body(const struct plan_bodies *all, const struct stage *stage)
{
    for (size_t i = 0; i < all->body_count; i++)
        if (all->bodies[i].stage == stage || strcmp(all->bodies[i].code, stage->code) == 0)
            return true;
    return false;
}

/* A stage of review that meets is a body of the city without rules, if the plan says nothing more of it; an office's own
 * body has its meeting records. */
static void add_stages(const struct plan *plan, struct plan_bodies *all)
{
    for (size_t i = 0; i < plan->stage_count; i++) {
        const struct stage *stage = &plan->stages[i];

        if (stage->body && !stage->meetings && !has_body(all, stage))
            all->bodies[all->body_count++] = (struct body){.code = stage->code,
                                                           .name = stage->name,
                                                           .kind = BODY_DIVISION,
                                                           .stage = stage,
                                                           .least = BODY_NO_LIMIT,
                                                           .most = BODY_NO_LIMIT,
                                                           .external_least = BODY_NO_LIMIT,
                                                           .external_most = BODY_NO_LIMIT,
                                                           .council_least = BODY_NO_LIMIT,
                                                           .source = "review_stages"};
    }
}

void read_bodies(struct plan_reader *reader, const json_t *root)
{
    const json_t *list = reader_array(reader, root, "bodies", false), *json;
    struct plan_bodies *all = reader_alloc(reader, 1, sizeof *all);
    size_t mark = reader_enter_key(reader, "bodies"), i;

    if (all)
        all->bodies = reader_alloc(reader, json_array_size(list) + reader->plan->stage_count, sizeof *all->bodies);
    reader->plan->bodies = all && all->bodies ? all : NULL;
    json_array_foreach(list, i, json) {
        size_t here = reader_enter_index(reader, i);

        if (reader->plan->bodies)
            read_body(reader, json);
        reader_leave(reader, here);
    }
    if (reader->plan->bodies)
        link_bodies(reader, list);
    reader_leave(reader, mark);
    if (reader->plan->bodies && reader->plan->stages)
        add_stages(reader->plan, reader->plan->bodies);
    if (reader->plan->bodies)
        read_yearly_duties(reader, root);
}
