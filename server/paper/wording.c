/* wording.c: numbers, figures and standing words in either language. */
#include "paper/wording.h"

#include <string.h>

#include "base/decimal.h"
#include "base/period.h"

bool block_leads(const struct paper *paper, size_t index)
{
    const struct paper_block *block = &paper->blocks[index];
    bool text = block->kind == PAPER_PARAGRAPH || block->kind == PAPER_ITEM;

    return block->kind == PAPER_HEADING || (block->kind == PAPER_PARAGRAPH && block->style == PAPER_LEAD) ||
           (text && index + 1 < paper->block_count && block[1].kind == PAPER_BOX);
}

/* Whether a paragraph goes on below what stands before it, rather than below a heading of its own. */
static bool follows(const struct paper *paper, size_t index)
{
    const struct paper_block *before = index > 0 ? &paper->blocks[index - 1] : NULL;

    return before && paper->blocks[index].kind == PAPER_PARAGRAPH && !block_leads(paper, index) &&
           !block_leads(paper, index - 1) && (before->kind == PAPER_TABLE || before->kind == PAPER_PARAGRAPH);
}

bool block_is_landscape(const struct paper *paper, size_t index)
{
    while (follows(paper, index))
        index--;
    while (index < paper->block_count && block_leads(paper, index))
        index++;
    return index < paper->block_count && paper->blocks[index].kind == PAPER_TABLE && paper->blocks[index].table->wide;
}

static const char *const plain[11] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
static const char *const formal[11] = {"", "壹", "貳", "參", "肆", "伍", "陸", "柒", "捌", "玖", "拾"};

/* 1 to 99 in Chinese. Formal ones say the ten of eleven as 壹拾, as the office programs
 * number what they are given as 壹, 貳, 參. */
static const char *chinese_number(struct arena *arena, unsigned number, bool is_formal)
{
    const char *const *digits = is_formal ? formal : plain;
    unsigned tens = number / 10, ones = number % 10;

    if (number == 0 || number > 99)
        return arena_format(arena, "%u", number);
    return arena_format(arena, "%s%s%s", tens > 1 || (is_formal && tens) ? digits[tens] : "", tens ? digits[10] : "",
                        ones ? digits[ones] : "");
}

const char *heading_number(struct arena *arena, const unsigned *numbers, unsigned level, enum language language)
{
    unsigned number = numbers[level - 1];

    if (language == LANGUAGE_ZH && level == 3)
        return arena_format(arena, "（%s）", chinese_number(arena, number, false));
    if (language == LANGUAGE_ZH)
        return arena_format(arena, "%s、", chinese_number(arena, number, level == 1));
    switch (level) {
    case 1: return arena_format(arena, "%u", number);
    case 2: return arena_format(arena, "%u.%u", numbers[0], number);
    default: return arena_format(arena, "%u.%u.%u", numbers[0], numbers[1], number);
    }
}

static const char *roman_number(struct arena *arena, unsigned number)
{
    static const struct {
        unsigned value;
        const char *letters;
    } steps[] = {{50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"}, {5, "v"}, {4, "iv"}, {1, "i"}};
    const char *roman = "";

    if (number > 89)
        return arena_format(arena, "%u", number);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        for (; roman && number >= steps[i].value; number -= steps[i].value)
            roman = arena_format(arena, "%s%s", roman, steps[i].letters);
    return roman;
}

static const char *english_item(struct arena *arena, unsigned number, unsigned level)
{
    switch (level) {
    case 1: return arena_format(arena, "%u.", number);
    case 2:
        return number <= 26 ? arena_format(arena, "(%c)", (char)('a' + number - 1))
                            : arena_format(arena, "(%u)", number);
    case 3: return arena_format(arena, "%s.", roman_number(arena, number));
    default: return arena_format(arena, "(%u)", number);
    }
}

const char *item_number(struct arena *arena, unsigned number, unsigned level, enum language language)
{
    if (language != LANGUAGE_ZH)
        return english_item(arena, number, level);
    switch (level) {
    case 1: return arena_format(arena, "%s、", chinese_number(arena, number, false));
    case 2: return arena_format(arena, "（%s）", chinese_number(arena, number, false));
    case 3: return arena_format(arena, "%u.", number);
    default: return arena_format(arena, "（%u）", number);
    }
}

const char *shown_text(struct arena *arena, enum paper_holding holding, const char *text)
{
    struct decimal ignored;
    size_t length = strlen(text), whole, sign = *text == '-', used = 0;
    char *shown;

    if (holding == PAPER_WORDS || !decimal_parse(text, &ignored))
        return text;
    whole = strcspn(text, ".");
    shown = arena_alloc(arena, length + length / 3 + 2);
    if (!shown)
        return NULL;
    for (size_t i = 0; i < length; i++) {
        if (i > sign && i < whole && (whole - i) % 3 == 0)
            shown[used++] = ',';
        shown[used++] = text[i];
    }
    if (holding == PAPER_RATE)
        shown[used] = '%';
    return shown;
}

enum paper_align column_align(const struct paper_column *column)
{
    if (column->align != PAPER_AS_HELD)
        return column->align;
    return column->holding == PAPER_WORDS ? PAPER_START : PAPER_END;
}

const char *table_caption(struct arena *arena, const struct paper_table *table, enum language language)
{
    return arena_format(arena, language == LANGUAGE_ZH ? "表 %u　%s" : "Table %u. %s", table->number, table->caption);
}

const char *chart_caption(struct arena *arena, const struct paper_chart *chart, enum language language)
{
    return arena_format(arena, language == LANGUAGE_ZH ? "圖 %u　%s" : "Figure %u. %s", chart->number, chart->caption);
}

const char *note_text(struct arena *arena, const char *text, size_t index, size_t count, enum language language)
{
    bool chinese = language == LANGUAGE_ZH;

    if (count == 1)
        return arena_format(arena, chinese ? "註：%s" : "Note: %s", text);
    return arena_format(arena, chinese ? "註 %zu：%s" : "Note %zu: %s", index + 1, text);
}

unsigned text_width(const char *text)
{
    unsigned width = 0, widest = 0;

    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        width = byte == '\n' ? 0 : width + (byte < 0x80 ? 1 : byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0);
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* What a bold heading needs so that none of its words is broken: Chinese may be, anywhere. */
static unsigned longest_word(const char *text)
{
    unsigned longest = 0, word = 0;

    for (; *text; text++) {
        word = (unsigned char)*text > ' ' && (unsigned char)*text < 0x80 ? word + 1 : 0;
        longest = word > longest ? word : longest;
    }
    return longest + longest / 4 + (longest > 0);
}

unsigned wanted_width(const struct paper_table *table, size_t column)
{
    enum { MOST_ROWS_MEASURED = 300, UNBROKEN_HEADING = 8, WIDEST = 48, PADDING = 2, NARROWEST = 4 };
    const struct paper_column *one = &table->columns[column];
    unsigned widest = text_width(one->heading);

    if (widest > UNBROKEN_HEADING)
        widest = widest / 2 > UNBROKEN_HEADING ? (widest + 1) / 2 : UNBROKEN_HEADING;
    if (widest < longest_word(one->heading))
        widest = longest_word(one->heading);
    for (size_t r = 0; r < table->row_count && r < MOST_ROWS_MEASURED; r++) {
        unsigned width;

        if (table->rows[r].kind == PAPER_ROW_GROUP)
            continue;
        width = text_width(table->rows[r].texts[column]);
        if (one->holding != PAPER_WORDS)
            width += width / 4 + 1;
        widest = width > widest ? width : widest;
    }
    if (widest > WIDEST)
        widest = WIDEST;
    return PADDING + (widest < NARROWEST ? NARROWEST : widest);
}

/* None is narrower than a quarter of its even part. */
static unsigned long widen_narrow(unsigned *shares, size_t count, unsigned long total)
{
    unsigned long least = count ? total / (4 * count) : 0;

    for (size_t c = 0; c < count; c++) {
        if (shares[c] < least) {
            total += least - shares[c];
            shares[c] = (unsigned)least;
        }
    }
    return total;
}

void column_shares(const struct paper_table *table, unsigned ret_shares[static PAPER_MOST_COLUMNS])
{
    enum { MOST_SHARE = 1000 };
    unsigned long total = 0, given = 0;

    for (size_t c = 0; c < table->column_count; c++) {
        unsigned share = table->columns[c].share;

        ret_shares[c] = share ? share > MOST_SHARE ? MOST_SHARE : share : wanted_width(table, c);
        total += ret_shares[c];
    }
    total = widen_narrow(ret_shares, table->column_count, total);
    for (size_t c = 0; c < table->column_count; c++) {
        ret_shares[c] = (unsigned)((unsigned long)ret_shares[c] * PAPER_WHOLE / (total ? total : 1));
        given += ret_shares[c];
    }
    ret_shares[table->column_count - 1] += (unsigned)(PAPER_WHOLE - given);
}

bool has_groups(const struct paper_table *table)
{
    for (size_t c = 0; c < table->column_count; c++)
        if (table->columns[c].group)
            return true;
    return false;
}

size_t group_span(const struct paper_table *table, size_t first)
{
    const char *group = table->columns[first].group;
    size_t span = 1;

    while (group && first + span < table->column_count && table->columns[first + span].group &&
           strcmp(group, table->columns[first + span].group) == 0)
        span++;
    return span;
}

const char *paper_word(enum paper_word word, enum language language)
{
    static const char *const words[WORD_COUNT][2] = {
        [WORD_CONTENTS] = {"目　次", "Contents"},     [WORD_CONTINUED] = {"（續）", " (continued)"},
        [WORD_AS_OF] = {"資料時點", "Figures as of"}, [WORD_IDENTIFIER] = {"文件編號", "Identifier"},
        [WORD_MET] = {"達目標", "meets the target"},  [WORD_BELOW] = {"未達目標", "below the target"},
        [WORD_LIMITS] = {"界限", "limits"},           [WORD_EMPTY] = {"（無資料）", "(no data)"},
    };

    return words[word][language];
}

const char *shown_moment(struct arena *arena, const char *moment, enum language language)
{
    enum { TAIPEI_AHEAD_SECONDS = 8 * 3600, DAY_SECONDS = 24 * 3600 };
    timestamp time;
    int64_t minutes, days;
    struct date date;

    if (!timestamp_parse(moment, &time))
        return moment;
    time += (timestamp)TAIPEI_AHEAD_SECONDS * 1000000;
    days = time / 1000000 / DAY_SECONDS - (time < 0);
    minutes = (time / 1000000 - days * DAY_SECONDS) / 60;
    date = date_from_days(days);
    if (language == LANGUAGE_ZH)
        return arena_format(arena, "民國%d年%d月%d日 %02d:%02d", date.year - ROC_EPOCH, date.month, date.day,
                            (int)(minutes / 60), (int)(minutes % 60));
    return arena_format(arena, "%04d-%02d-%02d %02d:%02d (Taipei)", date.year, date.month, date.day,
                        (int)(minutes / 60), (int)(minutes % 60));
}

const char *page_words(struct arena *arena, int page, int pages, enum language language)
{
    return arena_format(arena, language == LANGUAGE_ZH ? "第 %d 頁，共 %d 頁" : "Page %d of %d", page, pages);
}
