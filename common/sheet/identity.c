/* identity.c: the lines at the top of a file that say what it is: "#form,training-annual". */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sheet/marks.h"
#include "sheet/reader.h"
#include "sheet/text.h"
#include "sheet/value.h"

/* The part that a line such as "#office" names, HEAD_PART_COUNT if none. */
static enum head_part find_part(const char *mark)
{
    for (int part = 0; part < HEAD_PART_COUNT; part++)
        if (text_same(mark + 1, head_part_name((enum head_part)part)))
            return (enum head_part)part;
    return HEAD_PART_COUNT;
}

static bool is_known_mark(const struct grid_row *row)
{
    const char *mark = grid_text(row, 0);

    return *mark == '#' && (grid_is_mark(row) || find_part(mark) != HEAD_PART_COUNT);
}

size_t identity_begin(const struct grid_sheet *sheet)
{
    size_t first = 0, known = 0;

    while (first < sheet->row_count && *grid_text(&sheet->rows[first], 0) != '#')
        first++;
    for (known = first; known < sheet->row_count && !is_known_mark(&sheet->rows[known]);)
        known++;
    return known < sheet->row_count || first == 0 ? first : sheet->row_count;
}

size_t identity_end(const struct grid_sheet *sheet)
{
    size_t end = identity_begin(sheet);

    if (end == sheet->row_count)
        return 0;
    while (end < sheet->row_count && *grid_text(&sheet->rows[end], 0) == '#' && !grid_is_mark(&sheet->rows[end]))
        end++;
    return end;
}

/* A code where people may have written the name. */
static const char *find_code(const struct grid_reader *reader, enum head_part part, const char *text)
{
    const struct plan *plan = reader->plan;
    size_t index;

    if (part == HEAD_FORM) {
        index = wording_find(plan->forms, plan->form_count, form_wording, text);
        return index == SIZE_MAX ? text : plan->forms[index].code;
    }
    if (part == HEAD_OFFICE) {
        index = wording_find(plan->offices, plan->office_count, office_wording, text);
        return index == SIZE_MAX ? text : plan->offices[index].code;
    }
    return text;
}

static json_t *head_value(enum head_part part, const char *text)
{
    return part == HEAD_BASE && text_is_key_number(text) ? json_integer(strtoll(text, NULL, 10)) : json_string(text);
}

static bool is_same_head(const struct grid_reader *reader, enum head_part part, json_t *value)
{
    json_t *seen = json_object_get(reader->document, head_part_name(part));

    return !seen || json_equal(seen, value);
}

/* One line; a part said twice must say the same. */
static void read_part(struct grid_reader *reader, const struct grid_row *row, enum head_part part, struct spot spots[])
{
    struct arena *arena = reader->findings->arena;
    char folded[SHORT_TEXT_SIZE];
    const char *name = head_part_name(part);
    const char *text = text_fold(grid_text(row, 1), folded) ? folded : grid_text(row, 1);
    json_t *value = *text ? head_value(part, find_code(reader, part, text)) : NULL;

    if (!*text)
        return;
    if (value && !is_same_head(reader, part, value)) {
        grid_complain(reader, row, 1,
                      (struct finding){.code = FINDING_identity_differs,
                                       .place = {.member = name},
                                       .expected = json_excerpt(arena, json_object_get(reader->document, name))});
        json_decref(value);
        return;
    }
    spots[part] = grid_spot(reader, row, 1);
    grid_set(reader, reader->document, name, value);
}

static void read_note(struct grid_reader *reader, const struct grid_row *row)
{
    const char *path = value_read_text(reader->findings->arena, grid_text(row, 1));
    const char *text = value_read_text(reader->findings->arena, grid_text(row, 2));

    if (!path || !text)
        reader->findings->out_of_memory = true;
    else if (*path && *text)
        grid_set(reader, grid_object(reader, "notes"), path, json_string(text));
}

static void read_line(struct grid_reader *reader, const struct grid_row *row, struct spot spots[])
{
    const char *mark = grid_text(row, 0);
    enum head_part part = find_part(mark);

    if (part != HEAD_PART_COUNT)
        read_part(reader, row, part, spots);
    else if (text_same(mark, MARK_NOTE))
        read_note(reader, row);
    else if (mark[1] && mark[1] != ' ') /* "# …" is a remark */
        grid_complain(reader, row, 0, (struct finding){.code = FINDING_unknown_member, .place = {.member = mark}});
}

/* Takes `given` over. */
static void compare_given(struct grid_reader *reader, enum head_part part, json_t *given, const struct spot spots[])
{
    const char *name = head_part_name(part);
    struct arena *arena = reader->findings->arena;
    json_t *said = json_object_get(reader->document, name);

    if (!said || !given || (part == HEAD_BASE && reader->grid->sheets[0].name)) {
        grid_set(reader, reader->document, name, given);
        return;
    }
    if (!json_equal(said, given))
        findings_add(reader->findings, (struct finding){.code = FINDING_identity_differs,
                                                        .place = {.member = name},
                                                        .expected = json_excerpt(arena, given),
                                                        .found = json_excerpt(arena, said),
                                                        .sheet = spots[part].sheet,
                                                        .ref = spot_ref(arena, spots[part])});
    json_decref(given);
}

/* What the upload said beside the file must not differ from what the file says. */
static void read_given(struct grid_reader *reader, const struct identity *given, const struct spot spots[])
{
    const struct {
        enum head_part part;
        const char *text;
    } texts[] = {{HEAD_FORM, given->form},
                 {HEAD_OFFICE, given->office},
                 {HEAD_PERIOD, given->period},
                 {HEAD_EVENT, given->event}};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].text)
            compare_given(reader, texts[i].part, json_string(texts[i].text), spots);
    if (given->base >= 0)
        compare_given(reader, HEAD_BASE, json_integer(given->base), spots);
}

static void find_form(struct grid_reader *reader, const struct spot spots[])
{
    struct arena *arena = reader->findings->arena;
    const char *code = json_string_value(json_object_get(reader->document, "form"));

    reader->form = code ? plan_form(reader->plan, code) : NULL;
    if (!code)
        findings_add(
            reader->findings,
            (struct finding){.code = FINDING_identity_missing, .place = {.member = "form"}, .expected = "form"});
    else if (!reader->form)
        findings_add(reader->findings, (struct finding){.code = FINDING_unknown_form,
                                                        .place = {.member = "form"},
                                                        .found = arena_text(arena, code),
                                                        .sheet = spots[HEAD_FORM].sheet,
                                                        .ref = spot_ref(arena, spots[HEAD_FORM])});
}

bool read_identity(struct grid_reader *reader, const struct identity *given)
{
    struct spot spots[HEAD_PART_COUNT] = {0};

    for (size_t s = 0; s < reader->grid->sheet_count; s++) {
        reader->sheet = &reader->grid->sheets[s];

        size_t end = identity_end(reader->sheet);

        for (size_t i = identity_begin(reader->sheet); i < end; i++)
            read_line(reader, &reader->sheet->rows[i], spots);
    }
    read_given(reader, given, spots);
    find_form(reader, spots);
    if (!reader->form)
        return false;
    reader->places = places_new(reader->findings->arena, reader->form);
    if (!reader->places) {
        reader->findings->out_of_memory = true;
        return false;
    }
    memcpy(reader->places->head, spots, sizeof spots);
    return true;
}

static bool says(struct arena *arena, const struct grid_row *row, struct identity *identity)
{
    const char **const members[HEAD_PART_COUNT] = {[HEAD_FORM] = &identity->form,
                                                   [HEAD_OFFICE] = &identity->office,
                                                   [HEAD_PERIOD] = &identity->period,
                                                   [HEAD_EVENT] = &identity->event};
    enum head_part part = find_part(grid_text(row, 0));
    char folded[SHORT_TEXT_SIZE];
    const char *text = text_fold(grid_text(row, 1), folded) ? folded : grid_text(row, 1);

    if (!*text || part == HEAD_PART_COUNT)
        return true;
    if (part == HEAD_BASE && text_is_key_number(text))
        identity->base = strtoll(text, NULL, 10);
    if (!members[part])
        return true;
    *members[part] = arena_text(arena, text);
    return *members[part] != NULL;
}

bool grid_says(struct arena *arena, const struct grid *grid, struct identity *identity)
{
    for (size_t s = 0; s < grid->sheet_count; s++) {
        const struct grid_sheet *sheet = &grid->sheets[s];
        size_t end = identity_end(sheet);

        for (size_t r = identity_begin(sheet); r < end; r++)
            if (!says(arena, &sheet->rows[r], identity))
                return false;
    }
    return true;
}
