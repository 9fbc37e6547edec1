/* heading_lines.c: headings of narrow columns, broken into lines of about the same width instead of one full line and one
 * character left over. */
#include <limits.h>
#include <string.h>

#include "paper/wording.h"

/* Widths are in eighths of half a Chinese character; bold Latin letters are somewhat wider than half a one. */
enum { MOST_PIECES = 128, MOST_LINES = 8, HALF = 8, CHINESE_WIDTH = 2 * HALF, LATIN_WIDTH = 9, SPACE_WIDTH = 4 };

/* A heading in the pieces that aren't parted: a Chinese character with the marks that belong to it, or a word. */
struct pieces {
    struct {
        const char *text;
        size_t length;
        unsigned width;
        bool spaced; /* a space stands before it, which a new line takes the place of */
    } list[MOST_PIECES];
    size_t count;
};

static bool is_latin(const char *text)
{
    return (unsigned char)*text > ' ' && (unsigned char)*text < 0x80;
}

static size_t length_of(const char *text)
{
    size_t length = 1;

    while (((unsigned char)text[length] & 0xc0) == 0x80)
        length++;
    return length;
}

static bool is_one_of(const char *text, const char *const *marks)
{
    for (; *marks; marks++)
        if (strncmp(text, *marks, strlen(*marks)) == 0)
            return true;
    return false;
}

/* Where a piece ends: opening marks keep what follows, closing ones stay with what is before them. */
static const char *end_of_piece(const char *text)
{
    static const char *const opening[] = {"（", "「", "(", NULL}, *const closing[] = {"）", "」", "、", "，",
                                                                                      "；", "／", NULL};

    while (is_one_of(text, opening))
        text += length_of(text);
    if (is_latin(text)) {
        while (is_latin(text))
            text++;
    } else if (*text) {
        text += length_of(text);
    }
    while (*text && is_one_of(text, closing))
        text += length_of(text);
    return text;
}

/* False if the text has lines of its own, or too many pieces. */
static bool part_pieces(const char *text, struct pieces *ret_pieces)
{
    *ret_pieces = (struct pieces){.count = 0};
    while (*text) {
        bool spaced = *text == ' ';
        const char *end;

        text += strspn(text, " ");
        end = end_of_piece(text);
        if (end == text)
            break;
        if (ret_pieces->count == MOST_PIECES || memchr(text, '\n', (size_t)(end - text)))
            return false;
        for (const char *at = text; at < end; at += length_of(at))
            ret_pieces->list[ret_pieces->count].width += is_latin(at) ? LATIN_WIDTH : CHINESE_WIDTH;
        ret_pieces->list[ret_pieces->count].text = text;
        ret_pieces->list[ret_pieces->count].length = (size_t)(end - text);
        ret_pieces->list[ret_pieces->count++].spaced = spaced;
        text = end;
    }
    return true;
}

/* How many lines there are when none is wider than `room`, where each begins. */
static size_t break_lines(const struct pieces *pieces, unsigned room, size_t starts[static MOST_LINES + 1])
{
    size_t lines = 0;
    unsigned width = 0;

    for (size_t i = 0; i < pieces->count; i++) {
        unsigned more = pieces->list[i].width + (pieces->list[i].spaced && width ? SPACE_WIDTH : 0);

        if (i == 0 || width + more > room) {
            if (lines == MOST_LINES)
                return MOST_LINES + 1;
            starts[lines++] = i;
            more = pieces->list[i].width;
            width = 0;
        }
        width += more;
    }
    return lines;
}

static unsigned width_between(const struct pieces *pieces, size_t first, size_t end)
{
    unsigned width = 0;

    for (size_t i = first; i < end; i++)
        width += pieces->list[i].width + (pieces->list[i].spaced && i > first ? SPACE_WIDTH : 0);
    return width;
}

/* How many Chinese characters there are, where there is nothing else; 0 otherwise. */
static size_t characters_between(const struct pieces *pieces, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        if (pieces->list[i].width != CHINESE_WIDTH)
            return 0;
    return end - first;
}

/* Where two lines part best: about evenly, the longer one first, and as Chinese words mostly have two characters, before an even
 * number of them. 0: nowhere. */
static size_t best_of_two(const struct pieces *pieces, unsigned room)
{
    size_t best = 0;
    unsigned least = UINT_MAX;

    for (size_t i = 1; i < pieces->count; i++) {
        unsigned first = width_between(pieces, 0, i), second = width_between(pieces, i, pieces->count),
                 cost = first < second ? second - first + HALF : first - second;

        cost += characters_between(pieces, i, pieces->count) % 2 ? 5 * HALF : 0;
        if (first <= room && second <= room && cost < least) {
            least = cost;
            best = i;
        }
    }
    return best;
}

/* "性別預算數" above "（元）". 0: there is no such place. */
static size_t bracket_start(const struct pieces *pieces, unsigned room)
{
    for (size_t i = 1; i < pieces->count; i++)
        if (strncmp(pieces->list[i].text, "（", 3) == 0 || pieces->list[i].text[0] == '(')
            return width_between(pieces, 0, i) <= room && width_between(pieces, i, pieces->count) <= room ? i : 0;
    return 0;
}

static const char *join(struct arena *arena, const struct pieces *pieces, const size_t *starts, size_t lines)
{
    const char *text = "";
    size_t line = 0;

    for (size_t i = 0; i < pieces->count && text; i++) {
        bool begins = line < lines && starts[line] == i;

        text = arena_format(arena, "%s%s%.*s", text,
                            begins && i > 0                   ? "\n"
                            : pieces->list[i].spaced && i > 0 ? " "
                                                              : "",
                            (int)pieces->list[i].length, pieces->list[i].text);
        line += begins;
    }
    return text;
}

const char *balanced_heading(struct arena *arena, const char *text, unsigned room)
{
    size_t starts[MOST_LINES + 1], narrower[MOST_LINES + 1], lines;
    struct pieces pieces;
    unsigned width = room * HALF;

    if (!part_pieces(text, &pieces))
        return text;
    lines = break_lines(&pieces, width, starts);
    if (lines < 2 || lines > MOST_LINES)
        return text;
    if (lines == 2) {
        size_t bracket = bracket_start(&pieces, width), best = bracket ? bracket : best_of_two(&pieces, width);

        starts[1] = best ? best : starts[1];
        return join(arena, &pieces, starts, lines);
    }
    while (width > HALF && break_lines(&pieces, width - HALF / 2, narrower) == lines) {
        width -= HALF / 2;
        memcpy(starts, narrower, sizeof starts);
    }
    return join(arena, &pieces, starts, lines);
}
