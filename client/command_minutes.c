/* command_minutes.c: tributary pack minutes MEETING: the minutes of a meeting, drafted from its agenda. */
#include "command_minutes.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "export.h"
#include "packs.h"
#include "posting.h"
#include "url.h"

static const char *language_word(const struct client *client)
{
    return client->language == LANGUAGE_ZH ? "zh" : "en";
}

/* Frozen: without names, as offices read it. */
static enum exit_status freeze(struct client *client, const char *path, const char *const *files, size_t count)
{
    struct posted posted;
    enum exit_status status = posting_send(client, path, json_pack("{ss}", "language", language_word(client)), &posted);

    if (status == EXIT_DONE && !client->json) {
        pack_tell(client, posted.answer);
        if (json_is_true(json_object_get(posted.answer, "unchanged")))
            client_print(client, pack_unchanged);
        if (count == 0)
            client_print(client, pack_get_it, json_text_member(posted.answer, "pack"));
    }
    if (status == EXIT_DONE)
        status = pack_save_files(client, posted.answer, files, count);
    json_decref(posted.answer);
    return status;
}

/* With the names of those who were there; nothing is frozen. */
static enum exit_status draft(struct client *client, const char *path, const char *const *files, size_t count)
{
    const struct url_parameter language = {"language", language_word(client)};
    const char *asked = url_query(client->arena, path, &language, 1), *bytes = NULL;
    enum exit_status status = count ? EXIT_DONE : client_usage(client, client_word(client, minutes_need_file));
    size_t length = 0;

    for (size_t i = 0; i < count && status == EXIT_DONE; i++) {
        const char *format = strrchr(files[i], '.') + 1;

        if (strcmp(format, "odt") != 0 && strcmp(format, "pdf") != 0)
            return client_usage(client, client_word(client, minutes_need_file));
        status = export_fetch(client, asked, format, &bytes, &length);
        if (status == EXIT_DONE)
            status = export_save(client, files[i], bytes, length);
    }
    return status;
}

enum exit_status minutes_make(struct client *client, const char *meeting)
{
    const char *files[PACK_FILES_MOST], *part = url_part(client->arena, meeting);
    const char *path = part ? arena_format(client->arena, "/v1/meetings/%s/minutes", part) : NULL;
    size_t count;

    if (!pack_outputs(client, files, &count))
        return EXIT_USAGE;
    return client_option(client, "names") ? draft(client, path, files, count) : freeze(client, path, files, count);
}
