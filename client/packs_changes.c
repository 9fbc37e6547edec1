/* packs_changes.c: what changed since an earlier pack. */
#include <string.h>

#include "base/json.h"
#include "export.h"
#include "fetch.h"
#include "packs.h"
#include "url.h"

static const char *change_word(struct client *client, const json_t *one)
{
    const char *change = json_text_member(one, "change");

    if (change && strcmp(change, "added") == 0)
        return client_word(client, change_added);
    return change && strcmp(change, "gone") == 0 ? client_word(client, change_gone)
                                                 : client_word(client, change_changed);
}

/* What stands behind an earlier pack alone is not deleted for that. */
static const char *source_word(struct client *client, const json_t *one)
{
    const char *change = json_text_member(one, "change");

    if (change && strcmp(change, "added") == 0)
        return client_word(client, change_now_used);
    return change && strcmp(change, "gone") == 0 ? client_word(client, change_no_longer_used)
                                                 : change_word(client, one);
}

static const char *row_words(struct client *client, const json_t *row)
{
    const char *words = json_text_member(row, "under");
    const json_t *text;
    size_t i;

    json_array_foreach(json_object_get(row, "row"), i, text)
        words = words ? arena_format(client->arena, "%s　%s", words, json_string_value(text)) : json_string_value(text);
    return words ? words : "";
}

static void show_table(struct client *client, const json_t *table)
{
    const struct listing_column columns[] = {{client_word(client, place), LISTING_WRAPS},
                                             {client_word(client, column), LISTING_WRAPS},
                                             {client_word(client, before), LISTING_WRAPS},
                                             {client_word(client, now), LISTING_WRAPS}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const char *caption = json_text_member(table, "caption");
    const json_t *row, *cell;
    size_t r, c;

    client_print(client, pack_table_changed, change_word(client, table), caption ? caption : "");
    json_array_foreach(json_object_get(table, "rows"), r, row) {
        const char *words = row_words(client, row);

        if (json_array_size(json_object_get(row, "cells")) == 0)
            listing_row(listing, (const char *[]){words, change_word(client, row), NULL, NULL});
        json_array_foreach(json_object_get(row, "cells"), c, cell)
            listing_row(listing, (const char *[]){c ? "" : words, json_text_member(cell, "column"),
                                                  json_text_member(cell, "before"), json_text_member(cell, "after")});
    }
    if (listing_row_count(listing))
        client_show(client, listing);
}

/* Whether the pack is older than the one it is held against, so that what is said runs backwards. */
static bool is_backwards(const json_t *answer)
{
    const char *of = json_text_member(answer, "as_of"), *since = json_text_member(answer, "since_as_of");
    timestamp at, earlier;

    return of && since && timestamp_parse(of, &at) && timestamp_parse(since, &earlier) && at < earlier;
}

static void show(struct client *client, const json_t *answer)
{
    const json_t *one;
    size_t i;

    client_print_text(client, json_text_member(answer, "title"));
    client_print(client, pack_changes_between, client_moment(client, json_text_member(answer, "since_as_of")),
                 client_moment(client, json_text_member(answer, "as_of")));
    if (is_backwards(answer))
        client_print(client, pack_changes_backwards, json_text_member(answer, "pack"),
                     client_moment(client, json_text_member(answer, "as_of")), json_text_member(answer, "since"),
                     client_moment(client, json_text_member(answer, "since_as_of")));
    if (json_is_true(json_object_get(answer, "unchanged")))
        client_print(client, pack_nothing_changed);
    json_array_foreach(json_object_get(answer, "tables"), i, one)
        show_table(client, one);
    json_array_foreach(json_object_get(answer, "texts"), i, one)
        client_print(client, pack_table_changed, change_word(client, one), json_text_member(one, "text"));
    json_array_foreach(json_object_get(answer, "sources"), i, one)
        client_print(client, pack_table_changed, source_word(client, one),
                     json_text_member(one, client->language == LANGUAGE_ZH ? "zh" : "en"));
}

enum exit_status pack_changes(struct client *client, const char *id, const char *since)
{
    const char *part = url_part(client->arena, id), *paths[PACK_FILES_MOST];
    const struct url_parameter parameter = {"since", since};
    const char *path =
        part ? url_query(client->arena, arena_format(client->arena, "/v1/packs/%s/changes", part), &parameter, 1)
             : NULL;
    size_t count;
    json_t *answer;
    enum exit_status status = EXIT_DONE;

    if (!pack_outputs(client, paths, &count))
        return EXIT_USAGE;
    for (size_t i = 0; i < count && status == EXIT_DONE; i++) {
        const char *bytes = NULL;
        size_t length = 0;

        status = export_fetch(client, path, strrchr(paths[i], '.') + 1, &bytes, &length);
        if (status == EXIT_DONE)
            status = export_save(client, paths[i], bytes, length);
    }
    if (count > 0)
        return status;
    status = fetch_json(client, path, &answer);
    if (status != EXIT_DONE)
        return status;
    if (client->json)
        client_print_json(answer);
    else
        show(client, answer);
    json_decref(answer);
    return status;
}
