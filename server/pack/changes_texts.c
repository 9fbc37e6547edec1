/* changes_texts.c: which texts of two packs differ: titles, headings, paragraphs and items of lists. */
#include <string.h>

#include "base/buffer.h"
#include "base/json.h"
#include "pack/changes.h"

enum { LONGEST_TEXT = 256 * 1024 };

/* What a block says, without its number; NULL: it is no text, or says nothing. The caller frees it with json_decref(). */
static json_t *text_of(const json_t *block)
{
    static const char *const kinds[] = {"heading", "paragraph", "item"};
    const char *kind = json_text_member(block, "kind"), *text = json_text_member(block, "text");
    struct buffer all = BUFFER_WITH_LIMIT(LONGEST_TEXT);
    const json_t *run;
    json_t *said;
    bool is_text = false;
    size_t i;

    for (i = 0; kind && i < sizeof kinds / sizeof *kinds; i++)
        is_text = is_text || strcmp(kinds[i], kind) == 0;
    if (!is_text)
        return NULL;
    buffer_append_text(&all, text ? text : "");
    json_array_foreach(json_object_get(block, "runs"), i, run) {
        const char *words = json_text_member(run, "text");

        buffer_append_text(&all, words ? words : "");
    }
    said = all.length ? json_stringn(all.data, all.length) : NULL;
    buffer_free(&all);
    return said;
}

/* The texts of a pack in their order: a list that the caller owns. */
static json_t *texts_of(const json_t *pack)
{
    json_t *list = json_array(), *title = json_object_get(json_object_get(pack, "head"), "title");
    const json_t *block;
    size_t i;

    if (json_is_string(title))
        json_array_append(list, title);
    json_array_foreach(json_object_get(pack, "blocks"), i, block) {
        json_t *text = text_of(block);

        if (text)
            json_array_append_new(list, text);
    }
    return list;
}

/* How often each text stands in a list, by the text. The caller owns it. */
static json_t *count(const json_t *list)
{
    json_t *counts = json_object();
    const json_t *text;
    size_t i;

    json_array_foreach(list, i, text) {
        const char *words = json_string_value(text);

        json_object_set_new(counts, words, json_integer(json_integer_value(json_object_get(counts, words)) + 1));
    }
    return counts;
}

/* Adds to `ret_list` the texts of one pack that the other hasn't, or not as often. */
static void add_missing(const json_t *texts, const json_t *of_other, const char *change, json_t *ret_list)
{
    json_t *left = count(of_other);
    const json_t *text;
    size_t i;

    json_array_foreach(texts, i, text) {
        const char *words = json_string_value(text);
        json_int_t there = json_integer_value(json_object_get(left, words));

        if (there > 0)
            json_object_set_new(left, words, json_integer(there - 1));
        else
            json_array_append_new(ret_list, json_pack("{ss ss}", "change", change, "text", words));
    }
    json_decref(left);
}

json_t *changed_texts(const json_t *earlier, const json_t *later)
{
    json_t *before = texts_of(earlier), *after = texts_of(later), *list = json_array();

    add_missing(before, after, "gone", list);
    add_missing(after, before, "added", list);
    json_decref(before);
    json_decref(after);
    return list;
}
