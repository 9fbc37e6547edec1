/* packs.c: lists of packs, and the files of one. */
#include "packs.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/digest.h"
#include "base/json.h"
#include "export.h"
#include "fetch.h"
#include "meetings.h"
#include "progress.h"
#include "units.h"
#include "url.h"

static const char *const formats[] = {"odt", "pdf", "ods", "json"};

enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

/* What a file's name ends with; NULL: none of a pack's formats. */
static const char *format_of(const char *path)
{
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot && i < FORMAT_COUNT; i++)
        if (strcasecmp(dot + 1, formats[i]) == 0)
            return formats[i];
    return NULL;
}

bool pack_outputs(struct client *client, const char *ret_paths[static PACK_FILES_MOST], size_t *ret_count)
{
    const struct arguments *arguments = &client->arguments;

    *ret_count = 0;
    for (size_t i = 0; i < arguments->given_count; i++) {
        const char *path = arguments->given[i].value;

        if (strcmp(arguments->given[i].option->name, "output") != 0)
            continue;
        if (!format_of(path) || *ret_count == PACK_FILES_MOST) {
            client_usage(client, client_text(client, bad_pack_file, path));
            return false;
        }
        ret_paths[(*ret_count)++] = path;
    }
    return true;
}

/* ---- files -------------------------------------------------------------------------------------------------------- */

static const char *path_of(struct client *client, const char *id, const char *rest)
{
    const char *part = url_part(client->arena, id);

    return part ? arena_format(client->arena, "/v1/packs/%s%s", part, rest) : NULL;
}

/* The digest that a pack says of its file in a format; NULL: it has none. */
static const char *digest_said(const json_t *pack, const char *format)
{
    const json_t *file;
    size_t i;

    json_array_foreach(json_object_get(pack, "files"), i, file) {
        const char *is = json_text_member(file, "format");

        if (is && strcmp(is, format) == 0)
            return json_text_member(file, "sha256");
    }
    return NULL;
}

static enum exit_status save_file(struct client *client, const json_t *pack, const char *path)
{
    const char *format = format_of(path), *said = digest_said(pack, format), *bytes = NULL;
    char digest_text[DIGEST_TEXT_SIZE];
    size_t length = 0;
    enum exit_status status;

    if (!said)
        return client_usage(client, client_text(client, pack_lacks_format, format));
    status = export_fetch(client, path_of(client, json_text_member(pack, "pack"), "/file"), format, &bytes, &length);
    if (status != EXIT_DONE)
        return status;

    struct digest digest = digest_of(bytes, length);

    digest_format(&digest, digest_text);
    if (strcmp(said, digest_text) != 0) {
        client_say(client, pack_file_differs, path);
        return EXIT_SERVER_FAULT;
    }
    status = export_save_quietly(client, path, bytes, length);
    if (status == EXIT_DONE && !client->json)
        client_print(client, pack_file_saved, path, client_number(client, (long long)length), digest_text);
    return status;
}

enum exit_status pack_save_files(struct client *client, const json_t *pack, const char *const *paths, size_t count)
{
    struct progress progress = progress_begin(count, false);
    enum exit_status status = EXIT_DONE;

    for (size_t i = 0; i < count && status == EXIT_DONE; i++) {
        progress_clear(&progress);
        status = save_file(client, pack, paths[i]);
        progress_step(&progress, paths[i]);
    }
    return status;
}

/* ---- list, show, get ---------------------------------------------------------------------------------------------- */

/* Which meeting it is for: where nobody named one, the server chose. */
static void tell_occasion(struct client *client, const json_t *pack)
{
    json_t *meetings = json_object_get(json_object_get(pack, "sources"), "meeting"), *one;
    const char *id, *of = json_text_member(pack, "of");

    json_object_foreach(meetings, id, one) {
        const char *number = client_number(client, json_integer_value(json_object_get(one, "number"))),
                   *day = client_date(client, json_text_member(one, "day")),
                   *state = meeting_state_word(client, json_text_member(one, "state"));

        if (!json_object_get(one, "occasion")) /* of an earlier release, which didn't say */
            return;
        if (!json_is_true(json_object_get(one, "occasion")))
            continue;
        if (json_is_string(json_object_get(pack, "meeting")))
            client_print(client, pack_for, number, day, state);
        else
            client_print(client, pack_for_chosen, number, day, state);
        return;
    }
    if (of && strcmp(of, "pack") == 0)
        client_print(client, pack_for_none);
}

void pack_tell(struct client *client, const json_t *pack)
{
    client_print_text(client, json_text_member(pack, "title"));
    tell_occasion(client, pack);
    client_print(client, pack_is, client_moment(client, json_text_member(pack, "as_of")),
                 json_text_member(pack, "pack"));
}

static const char *basis_word(struct client *client, const json_t *pack)
{
    const char *basis = json_text_member(pack, "basis");

    return basis && strcmp(basis, "official") == 0 ? client_word(client, basis_official)
                                                   : client_word(client, basis_latest);
}

enum exit_status pack_list(struct client *client, const char *plan)
{
    const struct listing_column columns[] = {{client_word(client, name), LISTING_WRAPS},
                                             {client_word(client, pack_basis), LISTING_LEFT},
                                             {client_word(client, pack_as_of), LISTING_LEFT},
                                             {client_word(client, recorded_at), LISTING_LEFT},
                                             {client_word(client, id), LISTING_LEFT}};
    struct listing *listing = listing_new(client->arena, columns, sizeof columns / sizeof *columns);
    const char *part = url_part(client->arena, plan), *unit;
    json_t *answer = NULL;
    const json_t *pack;
    size_t i;
    enum exit_status status = unit_option(client, plan, NULL, &unit);

    if (status != EXIT_DONE)
        return status;

    const struct url_parameter parameters[] = {{"body", client_option(client, "body")},
                                               {"unit", unit},
                                               {"year", client_option(client, "year")},
                                               {"limit", client_option(client, "limit")},
                                               {"after", client_option(client, "after")}};

    status = fetch_shown(client,
                         part ? url_query(client->arena, arena_format(client->arena, "/v1/plans/%s/packs", part),
                                          parameters, sizeof parameters / sizeof *parameters)
                              : NULL,
                         &answer);

    json_array_foreach(json_object_get(answer, "packs"), i, pack)
        listing_row(listing, (const char *[]){json_text_member(pack, "title"), basis_word(client, pack),
                                              client_moment(client, json_text_member(pack, "as_of")),
                                              client_moment(client, json_text_member(pack, "recorded_at")),
                                              json_text_member(pack, "pack")});
    if (answer && listing_row_count(listing) == 0)
        client_print(client, packs_none);
    else if (answer)
        client_show(client, listing);
    if (json_text_member(answer, "next"))
        client_print(client, packs_more, json_text_member(answer, "next"));
    json_decref(answer);
    return status;
}

/* How many sources of each kind stand behind it. */
static void tell_sources(struct client *client, const json_t *sources)
{
    json_t *of_kind;
    const char *kind;

    json_object_foreach((json_t *)sources, kind, of_kind)
        client_print(client, pack_sources, kind, client_number(client, (long long)json_object_size(of_kind)));
}

enum exit_status pack_show(struct client *client, const char *id)
{
    json_t *pack;
    const json_t *file;
    size_t i;
    enum exit_status status = fetch_shown(client, path_of(client, id, ""), &pack);

    if (!pack)
        return status;
    pack_tell(client, pack);
    json_array_foreach(json_object_get(pack, "files"), i, file)
        client_print(client, pack_file, json_text_member(file, "format"),
                     client_number(client, json_integer_value(json_object_get(file, "size"))),
                     json_text_member(file, "sha256"));
    tell_sources(client, json_object_get(pack, "sources"));
    client_print(client, pack_release, json_text_member(pack, "release"));
    json_decref(pack);
    return status;
}

enum exit_status pack_get(struct client *client, const char *id)
{
    const char *paths[PACK_FILES_MOST];
    size_t count;
    json_t *pack;
    enum exit_status status;

    if (!pack_outputs(client, paths, &count))
        return EXIT_USAGE;
    if (count == 0)
        return client_usage(client, client_text(client, option_needed, "-o"));
    status = fetch_json(client, path_of(client, id, ""), &pack);
    if (status != EXIT_DONE)
        return status;
    if (client->json)
        client_print_json(pack);
    else
        pack_tell(client, pack);
    status = pack_save_files(client, pack, paths, count);
    json_decref(pack);
    return status;
}

/* ---- check -------------------------------------------------------------------------------------------------------- */

enum exit_status pack_check(struct client *client, const char *id)
{
    json_t *answer;
    const json_t *file;
    size_t i;
    bool same_figures, same_bytes = true, same_release, stored = true;
    enum exit_status status = fetch_json(client, path_of(client, id, "/check"), &answer);

    if (status != EXIT_DONE)
        return status;
    same_figures = json_is_true(json_object_get(answer, "same_figures"));
    same_release = json_is_true(json_object_get(answer, "same_release"));
    json_array_foreach(json_object_get(answer, "files"), i, file) {
        same_bytes = same_bytes && json_is_true(json_object_get(file, "same"));
        stored = stored && !json_is_false(json_object_get(file, "stored"));
    }
    if (client->json) {
        client_print_json(answer);
    } else {
        client_print_text(client, same_figures ? client_word(client, pack_figures_same)
                                               : client_word(client, pack_figures_differ));
        json_array_foreach(json_object_get(answer, "files"), i, file)
            if (json_is_false(json_object_get(file, "stored")))
                client_print_text(client, client_text(client, pack_damaged, json_text_member(file, "format")));
        if (stored)
            client_print_text(client, same_bytes     ? client_word(client, pack_bytes_same)
                                      : same_release ? client_word(client, pack_bytes_differ)
                                                     : client_word(client, pack_other_release));
    }
    json_decref(answer);
    return same_figures && stored && (same_bytes || !same_release) ? EXIT_DONE : EXIT_REFUSED;
}
