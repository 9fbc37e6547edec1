/* cell_words.c: a person's word held against every place of a document. */
#include "cell_words.h"

#include <string.h>

#include "base/buffer.h"
#include "form/document.h"

enum {
    DOCUMENT_MEMORY = 512 * 1024 * 1024,
    WORD_LIMIT = 4096,
    MOST_NEAR = 5,
    LONGEST_COMPARED = 120,
    FEW_ROWS = 100,
    NEAR_AT_MOST = 100
};

struct candidate {
    const char *path, *label;
    size_t distance;
};

struct search {
    struct client *client;
    struct arena *arena; /* of this search alone */
    const struct document *document;
    const char *wanted;
    struct candidate exact, near[MOST_NEAR];
    size_t exact_count, near_count;
};

/* What differs between ways of writing the same: spaces, letter case, wide brackets. */
static const char *plain(struct arena *arena, const char *text)
{
    static const struct {
        const char *from, *to;
    } alike[] = {{"（", "("}, {"）", ")"}, {"　", ""}, {" ", ""}, {"［", "["}, {"］", "]"}};
    struct buffer out = BUFFER_WITH_LIMIT(WORD_LIMIT);

    while (*text) {
        size_t i = 0;

        while (i < sizeof alike / sizeof *alike && strncmp(text, alike[i].from, strlen(alike[i].from)) != 0)
            i++;
        if (i < sizeof alike / sizeof *alike) {
            buffer_append_text(&out, alike[i].to);
            text += strlen(alike[i].from);
        } else {
            buffer_append_char(&out, *text >= 'A' && *text <= 'Z' ? (char)(*text + 32) : *text);
            text++;
        }
    }

    const char *copy = out.failed ? NULL : arena_copy(arena, out.data ? out.data : "", out.length);

    buffer_free(&out);
    return copy ? copy : "";
}

/* How many bytes must be put in, taken out or replaced to make one text of the other. */
static size_t distance_between(const char *one, const char *other)
{
    size_t row[LONGEST_COMPARED + 1], length = strlen(other);

    if (length > LONGEST_COMPARED || strlen(one) > LONGEST_COMPARED)
        return SIZE_MAX;
    for (size_t k = 0; k <= length; k++)
        row[k] = k;
    for (size_t i = 1; one[i - 1]; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t k = 1; k <= length; k++) {
            size_t replaced = corner + (one[i - 1] != other[k - 1]);
            size_t least = row[k] < row[k - 1] ? row[k] + 1 : row[k - 1] + 1;

            corner = row[k];
            row[k] = replaced < least ? replaced : least;
        }
    }
    return row[length];
}

/* 0: the same; a text that holds the word is nearer than one that is only like it, and the nearer the less it adds. */
static size_t how_far(const char *wanted, const char *text)
{
    size_t longest = strlen(wanted) / 2 + 1, distance;

    if (strcmp(wanted, text) == 0)
        return 0;
    if (strstr(text, wanted))
        return 1 + (strlen(text) - strlen(wanted)) / 8;
    distance = distance_between(wanted, text);
    return distance <= longest ? NEAR_AT_MOST + distance : SIZE_MAX;
}

static void keep_near(struct search *search, struct candidate candidate)
{
    size_t at = search->near_count;

    while (at > 0 && search->near[at - 1].distance > candidate.distance)
        at--;
    if (at == MOST_NEAR)
        return;
    if (search->near_count < MOST_NEAR)
        search->near_count++;
    memmove(&search->near[at + 1], &search->near[at], (search->near_count - at - 1) * sizeof *search->near);
    search->near[at] = candidate;
}

/* A place is known by its path, by the path without its first word, and by its names. */
static void consider(struct search *search, const char *path, const char *label, const struct name *const names[2])
{
    const char *dot = path ? strchr(path, '.') : NULL, *words[6] = {path, dot ? dot + 1 : path};
    struct candidate candidate = {path, label, SIZE_MAX};

    for (size_t i = 0; i < 4; i++)
        words[2 + i] = names[i / 2] ? names[i / 2]->text[i % 2] : NULL;
    for (size_t i = 0; path && i < sizeof words / sizeof *words; i++) {
        size_t distance = words[i] ? how_far(search->wanted, plain(search->arena, words[i])) : SIZE_MAX;

        if (distance < candidate.distance)
            candidate.distance = distance;
    }
    if (candidate.distance == SIZE_MAX)
        return;
    if (candidate.distance == 0 && search->exact_count++ == 0)
        search->exact = candidate;
    keep_near(search, candidate);
}

/* A field or column; `above` is what its table or row is called. */
static void consider_item(struct search *search, const char *prefix, const struct name *above, const struct item *item)
{
    struct name whole = item->name;

    for (size_t i = 0; above && i < 2; i++)
        whole.text[i] = arena_format(search->arena, "%s %s", above->text[i], item->name.text[i]);
    consider(search, arena_format(search->arena, "%s.%s", prefix, item->code), whole.text[search->client->language],
             (const struct name *const[2]){&whole, above ? &item->name : NULL});
}

static void consider_row(struct search *search, const struct table *table, const struct row *row)
{
    const char *path = arena_format(search->arena, "tables.%s[%s]", table->code, row->identity);
    struct name name = {{arena_format(search->arena, "%s %s", table->name.text[0], row->identity),
                         arena_format(search->arena, "%s %s", table->name.text[1], row->identity)}};

    consider(search, path, name.text[search->client->language], (const struct name *const[2]){&name, NULL});
    for (size_t i = 0; path && i < table->column_count; i++)
        consider_item(search, path, &name, &table->columns[i]);
}

/* A row is looked at if the word names it, or means a row and there are few: comparing a word with every cell of ten
 * thousand rows takes long, and a word that means none is answered with columns. */
static bool is_worth_looking_at(const struct search *search, const struct table_rows *rows, size_t at)
{
    const char *identity = rows->rows[at].identity;

    return identity && (strstr(search->wanted, plain(search->arena, identity)) ||
                        (rows->row_count <= FEW_ROWS && strchr(search->wanted, '[')));
}

static void consider_all(struct search *search)
{
    const struct form *form = search->document->form;

    for (size_t i = 0; i < form->field_count; i++)
        consider_item(search, "fields", NULL, &form->fields[i]);
    for (size_t t = 0; t < form->table_count; t++) {
        const struct table *table = &form->tables[t];
        const struct table_rows *rows = &search->document->tables[t];
        const char *path = arena_format(search->arena, "tables.%s", table->code);

        consider(search, path, table->name.text[search->client->language],
                 (const struct name *const[2]){&table->name, NULL});
        for (size_t i = 0; path && i < table->column_count; i++)
            consider_item(search, path, &table->name, &table->columns[i]);
        for (size_t i = 0; i < rows->row_count; i++)
            if (is_worth_looking_at(search, rows, i))
                consider_row(search, table, &rows->rows[i]);
    }
}

/* The wording with what comes near below it, a line each. */
static enum exit_status refuse(const struct search *search, const char *word)
{
    struct client *client = search->client;

    if (search->exact_count > 1)
        client_say(client, cell_means_several, word);
    else if (search->near_count > 0)
        client_say(client, cell_unknown_near, word);
    else
        client_say(client, cell_unknown, word);
    for (size_t i = 0; i < search->near_count; i++)
        client_say_text(client, arena_format(client->arena, "  %s  %s", search->near[i].path, search->near[i].label));
    return EXIT_USAGE;
}

enum exit_status cell_words_find(struct client *client, const struct plan *plan, const json_t *document,
                                 const char *word, json_t *paths)
{
    struct arena *arena = arena_new(DOCUMENT_MEMORY);
    struct findings ignored = FINDINGS_IN(arena);
    struct document *judged = arena ? document_judge(plan, json_deep_copy(document), &ignored) : NULL;
    struct search search = {.client = client, .arena = arena, .document = judged};
    enum exit_status status;

    if (!judged) {
        arena_free(arena);
        return client_usage(client, client_word(client, out_of_memory));
    }
    search.wanted = plain(arena, word);
    if (*search.wanted)
        consider_all(&search);
    status = search.exact_count == 1 ? EXIT_DONE : refuse(&search, word);
    if (status == EXIT_DONE)
        json_array_append_new(paths, json_string(search.exact.path));
    document_release(judged);
    arena_free(arena);
    return status;
}
