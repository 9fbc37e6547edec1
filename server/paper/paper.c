/* paper.c: building a paper: every text copied and made harmless, every limit held. */
#include "paper/paper.h"

#include <string.h>

#include "paper/wording.h"
#include "sheet/sound_text.h"

/* Has the paper remember that it lacks something. */
static void *refuse(struct paper *paper)
{
    paper->refused = true;
    return NULL;
}

/* The length of a mark at `text` that turns the direction of writing (U+202A–202E, U+2066–2069), which makes a figure look
 * like another; 0 if there is none. */
static size_t turning_length(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;

    if (byte[0] != 0xe2 || (byte[1] != 0x80 && byte[1] != 0x81))
        return 0;
    return byte[1] == 0x80 ? (byte[2] >= 0xaa && byte[2] <= 0xae ? 3 : 0)
                           : (byte[2] >= 0xa6 && byte[2] <= 0xa9 ? 3 : 0);
}

/* The text as a page can hold it; in one line if it is to stand in one. NULL for NULL, or without memory. */
static const char *keep(struct paper *paper, const char *text, bool in_one_line)
{
    const char *sound = text ? xml_sound_text(paper->arena, text) : NULL;
    char *kept = sound ? arena_text(paper->arena, sound) : NULL, *out = kept;

    if (text && !kept)
        return refuse(paper);
    for (const char *in = kept; in && *in;) {
        size_t turning = turning_length(in);

        if (turning || *in == '\r' || *in == '\x7f') {
            in += turning ? turning : 1;
            continue;
        }
        *out++ = *in == '\t' || (*in == '\n' && in_one_line) ? ' ' : *in;
        in++;
    }
    if (out)
        *out = '\0';
    return kept;
}

/* Room for one more item in an array that lives in the arena; NULL without memory. */
static void *grow(struct paper *paper, void *items, size_t count, size_t *capacity, size_t size)
{
    size_t wanted = *capacity ? *capacity * 2 : 8;

    if (count < *capacity)
        return items;

    void *larger = arena_alloc_array(paper->arena, wanted, size);

    if (!larger)
        return refuse(paper);
    if (count)
        memcpy(larger, items, count * size);
    *capacity = wanted;
    return larger;
}

static struct paper_block *add_block(struct paper *paper, enum paper_kind kind)
{
    struct paper_block *blocks;

    if (!paper)
        return NULL;
    if (paper->block_count == PAPER_MOST_BLOCKS)
        return refuse(paper);
    blocks = grow(paper, paper->blocks, paper->block_count, &paper->block_capacity, sizeof *blocks);
    if (!blocks)
        return NULL;
    paper->blocks = blocks;
    blocks[paper->block_count] = (struct paper_block){.kind = kind};
    return &blocks[paper->block_count++];
}

struct paper *paper_in(struct arena *arena, const struct paper_head *head)
{
    struct paper *paper = arena_alloc(arena, sizeof *paper);

    if (!paper)
        return NULL;
    *paper = (struct paper){.arena = arena, .head = *head};
    paper->head.title = keep(paper, head->title ? head->title : "", true);
    paper->head.subtitle = keep(paper, head->subtitle, true);
    paper->head.organisation = keep(paper, head->organisation, true);
    paper->head.date = keep(paper, head->date, true);
    paper->head.identifier = keep(paper, head->identifier, true);
    paper->head.moment = keep(paper, head->moment, true);
    paper->head.sample = keep(paper, head->sample, true);
    return paper;
}

bool paper_is_sound(const struct paper *paper)
{
    return paper && !paper->refused && !arena_is_short(paper->arena);
}

static void keep_lines(struct paper *paper, struct paper_block *block, const struct paper_line *lines, size_t count)
{
    block->lines = count <= PAPER_MOST_LINES ? arena_alloc_array(paper->arena, count + 1, sizeof *lines) : NULL;
    if (!block->lines) {
        refuse(paper);
        return;
    }
    for (size_t i = 0; i < count; i++)
        block->lines[i] = (struct paper_line){keep(paper, lines[i].label ? lines[i].label : "", true),
                                              keep(paper, lines[i].text ? lines[i].text : "", false)};
    block->line_count = count;
}

void paper_cover(struct paper *paper, const struct paper_line *lines, size_t count)
{
    struct paper_block *block = add_block(paper, PAPER_COVER);

    if (block)
        keep_lines(paper, block, lines, count);
}

void paper_contents(struct paper *paper)
{
    add_block(paper, PAPER_CONTENTS);
}

void paper_heading(struct paper *paper, unsigned level, const char *text)
{
    struct paper_block *block = add_block(paper, PAPER_HEADING);

    if (!block)
        return;
    block->level = level < 1 ? 1 : level > PAPER_MOST_LEVEL ? PAPER_MOST_LEVEL : level;
    block->text = keep(paper, text ? text : "", true);
    paper->heading_numbers[block->level - 1]++;
    for (unsigned deeper = block->level; deeper < PAPER_MOST_LEVEL; deeper++)
        paper->heading_numbers[deeper] = 0;
    block->number = heading_number(paper->arena, paper->heading_numbers, block->level, paper->head.language);
    paper_new_list(paper);
}

static void keep_runs(struct paper *paper, struct paper_block *block, const struct paper_run *runs, size_t count)
{
    block->runs = count <= PAPER_MOST_RUNS ? arena_alloc_array(paper->arena, count + 1, sizeof *runs) : NULL;
    if (!block->runs) {
        refuse(paper);
        return;
    }
    for (size_t i = 0; i < count; i++)
        block->runs[i] = (struct paper_run){keep(paper, runs[i].text ? runs[i].text : "", false), runs[i].bold};
    block->run_count = count;
}

void paper_paragraph(struct paper *paper, enum paper_style style, const struct paper_run *runs, size_t count)
{
    struct paper_block *block = add_block(paper, PAPER_PARAGRAPH);

    if (!block)
        return;
    block->style = style;
    keep_runs(paper, block, runs, count);
}

void paper_say(struct paper *paper, enum paper_style style, const char *text)
{
    paper_paragraph(paper, style, &(struct paper_run){text, false}, 1);
}

void paper_item(struct paper *paper, unsigned level, const struct paper_run *runs, size_t count)
{
    struct paper_block *block = add_block(paper, PAPER_ITEM);

    if (!block)
        return;
    block->level = level < 1 ? 1 : level > PAPER_MOST_ITEM_LEVEL ? PAPER_MOST_ITEM_LEVEL : level;
    block->restarts = true;
    for (unsigned i = 0; i < PAPER_MOST_ITEM_LEVEL; i++)
        block->restarts = block->restarts && paper->item_numbers[i] == 0;
    paper->item_numbers[block->level - 1]++;
    for (unsigned deeper = block->level; deeper < PAPER_MOST_ITEM_LEVEL; deeper++)
        paper->item_numbers[deeper] = 0;
    block->number =
        item_number(paper->arena, paper->item_numbers[block->level - 1], block->level, paper->head.language);
    keep_runs(paper, block, runs, count);
}

void paper_list(struct paper *paper, unsigned level, const char *text)
{
    paper_item(paper, level, &(struct paper_run){text, false}, 1);
}

void paper_new_list(struct paper *paper)
{
    if (paper)
        memset(paper->item_numbers, 0, sizeof paper->item_numbers);
}

void paper_break(struct paper *paper)
{
    add_block(paper, PAPER_BREAK);
}

void paper_box(struct paper *paper, const char *text, const struct paper_line *lines, size_t count)
{
    struct paper_block *block = add_block(paper, PAPER_BOX);

    if (!block)
        return;
    block->text = keep(paper, text ? text : "", true);
    keep_lines(paper, block, lines, count);
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

struct paper_table *paper_table(struct paper *paper, const char *caption, const struct paper_column *columns,
                                size_t count, bool wide)
{
    struct paper_block *block = add_block(paper, PAPER_TABLE);
    struct paper_table *table = block ? arena_alloc(paper->arena, sizeof *table) : NULL;

    if (!block)
        return NULL;
    if (!table || count == 0 || count > PAPER_MOST_COLUMNS) {
        paper->block_count--;
        return refuse(paper);
    }
    *table =
        (struct paper_table){.caption = keep(paper, caption, true), .key_columns = 1, .wide = wide, .paper = paper};
    table->columns = arena_alloc_array(paper->arena, count, sizeof *columns);
    for (; table->columns && table->column_count < count; table->column_count++) {
        struct paper_column *column = &table->columns[table->column_count];

        *column = columns[table->column_count];
        column->heading = keep(paper, column->heading ? column->heading : "", false);
        column->group = keep(paper, column->group, true);
    }
    if (!table->columns)
        refuse(paper);
    table->number = caption ? ++paper->table_count : 0;
    block->table = table;
    return table;
}

void paper_row(struct paper_table *table, enum paper_row_kind kind, const char *const *texts)
{
    struct paper *paper = table ? table->paper : NULL;
    struct paper_row *rows;
    const char **kept;
    size_t count;

    if (!table)
        return;
    count = kind == PAPER_ROW_GROUP ? 1 : table->column_count;
    if (paper->row_count == PAPER_MOST_ROWS) {
        refuse(paper);
        return;
    }
    rows = grow(paper, table->rows, table->row_count, &table->row_capacity, sizeof *rows);
    kept = arena_alloc_array(paper->arena, count + 1, sizeof *kept);
    if (!rows || !kept) {
        refuse(paper);
        return;
    }
    for (size_t i = 0; i < count; i++)
        kept[i] = keep(paper, texts[i] ? texts[i] : "", false);
    table->rows = rows;
    rows[table->row_count++] = (struct paper_row){kind, kept};
    paper->row_count++;
}

static void add_note(struct paper *paper, const char ***notes, size_t *count, size_t *capacity, const char *text)
{
    const char **larger =
        *count < PAPER_MOST_NOTES ? grow(paper, *notes, *count, capacity, sizeof *larger) : refuse(paper);

    if (!larger)
        return;
    *notes = larger;
    larger[*count] = keep(paper, text ? text : "", false);
    (*count)++;
}

void paper_note(struct paper_table *table, const char *text)
{
    if (table)
        add_note(table->paper, &table->notes, &table->note_count, &table->note_capacity, text);
}

void paper_key(struct paper_table *table, const char *key, unsigned key_columns)
{
    if (!table)
        return;
    table->key = keep(table->paper, key, true);
    table->key_columns = key_columns < 1 ? 1 : key_columns;
    if (table->key_columns > table->column_count)
        refuse(table->paper);
}

/* ---- charts ------------------------------------------------------------------------------------------------------ */

struct paper_chart *paper_chart(struct paper *paper, const struct paper_chart *chart)
{
    struct paper_block *block = add_block(paper, PAPER_CHART);
    struct paper_chart *made = block ? arena_alloc(paper->arena, sizeof *made) : NULL;

    if (!block)
        return NULL;
    if (!made) {
        paper->block_count--;
        return refuse(paper);
    }
    *made = (struct paper_chart){.kind = chart->kind, .paper = paper};
    made->caption = keep(paper, chart->caption ? chart->caption : "", true);
    made->description = keep(paper, chart->description ? chart->description : made->caption, true);
    made->unit = keep(paper, chart->unit ? chart->unit : "", true);
    made->size_name = keep(paper, chart->size_name ? chart->size_name : "", true);
    made->target_name = keep(paper, chart->target_name ? chart->target_name : "", true);
    made->small_name = keep(paper, chart->small_name, true);
    made->series = arena_alloc_array(paper->arena, PAPER_MOST_SERIES, sizeof *made->series);
    if (!made->series)
        refuse(paper);
    made->number = ++paper->chart_count;
    block->chart = made;
    return made;
}

static struct chart_point *keep_points(struct paper *paper, const struct chart_point *points, size_t count)
{
    struct chart_point *kept =
        count <= PAPER_MOST_POINTS ? arena_alloc_array(paper->arena, count + 1, sizeof *kept) : NULL;

    if (!kept)
        return refuse(paper);
    for (size_t i = 0; i < count; i++)
        kept[i] = (struct chart_point){
            .label = keep(paper, points[i].label ? points[i].label : "", true),
            .value = keep(paper, points[i].value, true),
            .low = keep(paper, points[i].low, true),
            .high = keep(paper, points[i].high, true),
            .target = keep(paper, points[i].target, true),
            .size = keep(paper, points[i].size, true),
            .remark = keep(paper, points[i].remark ? points[i].remark : "", true),
            .standing = points[i].standing,
            .small = points[i].small,
        };
    return kept;
}

void chart_series(struct paper_chart *chart, const char *name, const struct chart_point *points, size_t count)
{
    struct chart_point *kept;

    if (!chart)
        return;
    if (!chart->series || chart->series_count == PAPER_MOST_SERIES) {
        refuse(chart->paper);
        return;
    }
    kept = keep_points(chart->paper, points, count);
    if (kept)
        chart->series[chart->series_count++] =
            (struct chart_series){keep(chart->paper, name ? name : "", true), kept, count};
}

void chart_limits(struct paper_chart *chart, const struct chart_point *points, size_t count)
{
    if (!chart)
        return;
    chart->limits = keep_points(chart->paper, points, count);
    chart->limit_count = chart->limits ? count : 0;
}

void chart_note(struct paper_chart *chart, const char *text)
{
    if (chart)
        add_note(chart->paper, &chart->notes, &chart->note_count, &chart->note_capacity, text);
}
