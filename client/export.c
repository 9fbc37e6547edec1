/* export.c: asking for an answer as a file and keeping it. */
#include "export.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "fetch.h"
#include "files.h"

/* What the contract offers; the first two may go to a screen. */
static const char *const formats[] = {"csv", "json", "ods", "xlsx"};

enum { FORMAT_COUNT = sizeof formats / sizeof *formats, TEXT_FORMATS = 2, UNKNOWN_FORMAT = FORMAT_COUNT };

static size_t find_format(const char *name)
{
    size_t format = 0;

    while (format < FORMAT_COUNT && strcasecmp(formats[format], name) != 0)
        format++;
    return format;
}

/* --format, else what the file's name ends with, else JSON if that was asked for, else CSV. */
static size_t choose_format(const struct client *client, const char *path)
{
    const char *given = client_option(client, "format"), *dot = path ? strrchr(path, '.') : NULL;

    if (given)
        return find_format(given);
    if (dot && !strchr(dot, '/'))
        return find_format(dot + 1);
    return find_format(client->json ? "json" : "csv");
}

bool export_is_asked(const struct client *client)
{
    return client_option(client, "format") || client_option(client, "output");
}

enum exit_status export_fetch(struct client *client, const char *path, const char *format, const char **ret_bytes,
                              size_t *ret_length)
{
    struct reply reply = {0};
    const char *whole =
        path ? arena_format(client->arena, "%s%cformat=%s", path, strchr(path, '?') ? '&' : '?', format) : NULL;
    enum exit_status status = whole ? fetch_send(client, &(struct request){.path = whole}, &reply)
                                    : client_usage(client, client_word(client, out_of_memory));

    if (status != EXIT_DONE)
        return status;
    status = status_meaning(reply.status);
    if (status == EXIT_DONE) {
        *ret_bytes = arena_copy(client->arena, reply.body, reply.length);
        *ret_length = reply.length;
        if (!*ret_bytes)
            status = client_usage(client, client_word(client, out_of_memory));
    } else {
        json_t *json = reply_json(&reply);

        fetch_explain(client, &reply, json);
        json_decref(json);
    }
    reply_free(&reply);
    return status;
}

enum exit_status export_save_quietly(struct client *client, const char *path, const char *bytes, size_t length)
{
    int error = file_save(path, bytes, length, client_option(client, "force") != NULL);

    if (error == EEXIST)
        return client_usage(client, client_text(client, file_is_there, path));
    return error ? client_machine_fault(client, path, error) : EXIT_DONE;
}

enum exit_status export_save(struct client *client, const char *path, const char *bytes, size_t length)
{
    enum exit_status status = export_save_quietly(client, path, bytes, length);

    if (status == EXIT_DONE)
        client_print(client, file_saved, path);
    return status;
}

/* `output` NULL or "-": standard output. */
static enum exit_status answer_into(struct client *client, const char *path, const char *output)
{
    const char *bytes = NULL;
    bool to_screen = !output || strcmp(output, "-") == 0;
    size_t format = choose_format(client, output), length = 0;

    if (format == UNKNOWN_FORMAT)
        return client_usage(client, client_word(client, bad_template_format));
    if (!output && format >= TEXT_FORMATS)
        return client_usage(client, client_text(client, option_needed, "-o"));

    enum exit_status status = export_fetch(client, path, formats[format], &bytes, &length);

    if (status != EXIT_DONE)
        return status;
    if (!to_screen)
        return export_save(client, output, bytes, length);
    if (fwrite(bytes, 1, length, stdout) != length || fflush(stdout) != 0)
        return client_usage(client, client_word(client, output_failed));
    return EXIT_DONE;
}

/* The file that the `place`th -o names, counted from 0; NULL: there is none. */
static const char *output_at(const struct client *client, size_t place)
{
    for (size_t i = 0; i < client->arguments.given_count; i++)
        if (strcmp(client->arguments.given[i].option->name, "output") == 0 && place-- == 0)
            return client->arguments.given[i].value;
    return NULL;
}

/* Several files are judged before the first is written. False: it has been said why not. */
static bool check_outputs(struct client *client)
{
    const char *output;

    for (size_t place = 0; output_at(client, 1) && (output = output_at(client, place)); place++) {
        if (strcmp(output, "-") == 0) {
            client_usage(client, client_word(client, export_screen_alone));
            return false;
        }
        if (choose_format(client, output) == UNKNOWN_FORMAT) {
            client_usage(client, client_word(client, bad_template_format));
            return false;
        }
    }
    return true;
}

enum exit_status export_answer(struct client *client, const char *path)
{
    enum exit_status status = check_outputs(client) ? answer_into(client, path, output_at(client, 0)) : EXIT_USAGE;
    const char *output;

    for (size_t place = 1; status == EXIT_DONE && (output = output_at(client, place)); place++)
        status = answer_into(client, path, output);
    return status;
}

bool export_is_misnamed(struct client *client, const char *path, const char *format)
{
    static const char *const endings[] = {"csv", "ods", "xlsx", "json", "odt", "pdf"};
    const char *ending = strrchr(path, '.');

    for (size_t i = 0; ending && i < sizeof endings / sizeof *endings; i++)
        if (strcasecmp(ending + 1, endings[i]) == 0 && strcmp(endings[i], format) != 0) {
            client_usage(client, client_text(client, export_misnamed, path, format));
            return true;
        }
    return false;
}
