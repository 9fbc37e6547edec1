/* annotated_file.c: findings as a list back into a file's cells, and the file onto the disk. */
#include "annotated_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"
#include "files.h"
#include "sheet/annotate.h"

enum { FINDINGS_MEMORY = 256 * 1024 * 1024 };

enum exit_status annotated_file_allowed(struct client *client)
{
    const char *path = client_option(client, "annotate");
    const char *input = client->arguments.words[0];
    struct stat out, in;

    if (!path)
        return client_option(client, "force") ? client_usage(client, client_word(client, force_without_annotate))
                                              : EXIT_DONE;
    if (client->arguments.word_count != 1)
        return client_usage(client, client_word(client, annotates_one_file));
    if (stat(path, &out) != 0)
        return errno == ENOENT ? EXIT_DONE : client_machine_fault(client, path, errno);
    if (strcmp(input, "-") != 0 && stat(input, &in) == 0 && in.st_dev == out.st_dev && in.st_ino == out.st_ino)
        return client_usage(client, client_text(client, annotated_is_input, path));
    if (!S_ISREG(out.st_mode))
        return client_machine_fault(client, path, S_ISDIR(out.st_mode) ? EISDIR : EEXIST);
    return client_option(client, "force") ? EXIT_DONE
                                          : client_usage(client, client_text(client, annotated_exists, path));
}

static enum severity severity_of(const json_t *json)
{
    const char *text = json_text_member(json, "severity");

    for (int severity = SEVERITY_ERROR; severity <= SEVERITY_WARNING; severity++)
        if (text && strcmp(severity_name((enum severity)severity), text) == 0)
            return (enum severity)severity;
    return SEVERITY_ERROR;
}

/* A finding in words, as it came; what it is about stays in the list. */
static void add_finding(struct findings *findings, const json_t *json)
{
    const json_t *cell = json_object_get(json, "cell");
    struct name *message = arena_alloc(findings->arena, sizeof *message);
    const char *code = json_text_member(json, "code"), *words = json_text_member(json, "message");

    if (!message) {
        findings->out_of_memory = true;
        return;
    }
    message->text[LANGUAGE_ZH] = message->text[LANGUAGE_EN] = words ? words : code ? code : "";
    findings_add(findings, (struct finding){.severity = severity_of(json),
                                            .code = code ? finding_code_parse(code) : FINDING_NONE,
                                            .message = message,
                                            .expected = json_text_member(json, "expected"),
                                            .found = json_text_member(json, "found"),
                                            .sheet = json_text_member(cell, "sheet"),
                                            .ref = json_text_member(cell, "ref")});
}

static enum exit_status save(struct client *client, const char *path, const struct buffer *bytes)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? arena_copy(client->arena, path, (size_t)(slash - path) + 1) : ".";
    int error =
        folder ? file_write(folder, slash ? slash + 1 : path, bytes->data ? bytes->data : "", bytes->length) : ENOMEM;

    return error ? client_machine_fault(client, path, error) : EXIT_DONE;
}

static enum exit_status annotate(struct client *client, const struct document_file *file,
                                 const struct findings *findings, const char *path)
{
    struct buffer out = BUFFER_WITH_LIMIT(ANNOTATED_LIMIT);
    const struct name *refusal = NULL;
    enum exit_status status = EXIT_USAGE;
    size_t cells;

    if (!annotate_file(file->bytes, file->length, findings, client->language, &out, &cells, &refusal))
        client_say(client, cannot_annotate, file->name,
                   refusal ? name_text(*refusal, client->language) : client_word(client, out_of_memory));
    else
        status = save(client, path, &out);
    buffer_free(&out);
    if (status == EXIT_DONE && !client->json) {
        if (cells)
            client_print(client, annotated, client_number(client, (long long)cells), path);
        else
            client_print(client, nothing_annotated, path);
    }
    return status;
}

enum exit_status annotated_file_write(struct client *client, const struct document_file *file, const json_t *list,
                                      const char *path)
{
    struct findings findings = FINDINGS_IN(arena_new(FINDINGS_MEMORY));
    enum exit_status status = EXIT_USAGE;
    const json_t *finding;
    size_t i;

    if (!findings.arena)
        return client_usage(client, client_word(client, out_of_memory));
    if (file->kind == DOCUMENT_JSON) {
        arena_free(findings.arena);
        return client_usage(client, client_word(client, annotates_tables));
    }
    json_array_foreach(list, i, finding)
        add_finding(&findings, finding);
    if (findings.out_of_memory)
        client_usage(client, client_word(client, out_of_memory));
    else
        status = annotate(client, file, &findings, path);
    arena_free(findings.arena);
    return status;
}
