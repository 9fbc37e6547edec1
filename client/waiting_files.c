/* waiting_files.c: a file that waits is two files: what is known of it (.json), stored last, and its bytes. */
#include "waiting_files.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/json.h"
#include "files.h"

#define HEAD_SUFFIX ".json"

enum { FORMAT = 1, HEAD_LIMIT = 64 * 1024, MOST_VALUES = 64, COPIED_AT_ONCE = 64 * 1024 };

static const struct {
    const char *key;
    size_t offset;
    bool needed;
} texts[] = {
    {"server", offsetof(struct waiting_file, server), true},
    {"plan", offsetof(struct waiting_file, plan), true},
    {"name", offsetof(struct waiting_file, name), true},
    {"slot", offsetof(struct waiting_file, slot), true},
    {"submission", offsetof(struct waiting_file, submission), false},
    {"hand_in", offsetof(struct waiting_file, hand_in), false},
    {"form", offsetof(struct waiting_file, form), false},
    {"office", offsetof(struct waiting_file, office), false},
    {"period", offsetof(struct waiting_file, period), false},
    {"event", offsetof(struct waiting_file, event), false},
    {"upload", offsetof(struct waiting_file, upload), false},
    {"idempotency_key", offsetof(struct waiting_file, idempotency_key), true},
    {"sample_clock", offsetof(struct waiting_file, sample_clock), false},
    {"sha256", offsetof(struct waiting_file, sha256), true},
};

enum { TEXT_COUNT = sizeof texts / sizeof *texts };

static const char **text_of(struct waiting_file *file, size_t i)
{
    return (const char **)((char *)file + texts[i].offset);
}

static const char *folder_of(struct arena *arena, const char *state)
{
    return arena_format(arena, "%s/attachments", state);
}

static const char *path_of(struct arena *arena, const char *state, const struct waiting_file *file, const char *suffix)
{
    return arena_format(arena, "%s/attachments/%s%s", state, file->id, suffix);
}

/* Copies all bytes and tells their digest and number. */
static int copy_bytes(int from, int to, struct waiting_file *file, struct digest *ret_digest)
{
    crypto_hash_sha256_state state;
    unsigned char bytes[COPIED_AT_ONCE];
    ssize_t count;

    crypto_hash_sha256_init(&state);
    file->size = 0;
    while ((count = read(from, bytes, sizeof bytes)) != 0) {
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return errno;
        for (ssize_t done = 0; done < count;) {
            ssize_t written = write(to, bytes + done, (size_t)(count - done));

            if (written < 0 && errno != EINTR)
                return errno;
            done += written > 0 ? written : 0;
        }
        crypto_hash_sha256_update(&state, bytes, (unsigned long long)count);
        file->size += count;
    }
    crypto_hash_sha256_final(&state, ret_digest->bytes);
    return fsync(to) == 0 ? 0 : errno;
}

/* The copy takes its name only once it is whole. */
static int copy_file(struct arena *arena, const char *folder, const char *path, struct waiting_file *file)
{
    char temporary[4096], sha256[DIGEST_TEXT_SIZE];
    const char *final = arena_format(arena, "%s/%s", folder, file->id);
    struct digest digest;
    int from, to, error;

    if (!final ||
        snprintf(temporary, sizeof temporary, "%s/" UNFINISHED_PREFIX "XXXXXX", folder) >= (int)sizeof temporary)
        return ENAMETOOLONG;
    from = open(path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return errno;
    to = mkostemp(temporary, O_CLOEXEC);
    if (to < 0) {
        error = errno;
        close(from);
        return error;
    }
    error = copy_bytes(from, to, file, &digest);
    close(from);
    if (close(to) != 0 && !error)
        error = errno;
    if (!error && rename(temporary, final) != 0)
        error = errno;
    if (error) {
        unlink(temporary);
        return error;
    }
    digest_format(&digest, sha256);
    file->sha256 = arena_text(arena, sha256);
    return file->sha256 ? folder_sync(folder) : ENOMEM;
}

int waiting_file_store(struct arena *arena, const char *state, const char *path, struct waiting_file *file)
{
    const char *folder = folder_of(arena, state);
    struct timespec now;
    int error = folder ? folder_make(folder) : ENOMEM;

    clock_gettime(CLOCK_REALTIME, &now);
    file->id = arena_format(arena, "%012llx%05lx-%08x", (unsigned long long)now.tv_sec,
                            (unsigned long)now.tv_nsec / 1000, randombytes_random());
    if (!error && !file->id)
        error = ENOMEM;
    if (!error)
        error = copy_file(arena, folder, path, file);
    return error ? error : waiting_file_save(arena, state, file);
}

int waiting_file_save(struct arena *arena, const char *state, const struct waiting_file *file)
{
    const char *folder = folder_of(arena, state), *name = arena_format(arena, "%s" HEAD_SUFFIX, file->id);
    struct waiting_file copy = *file;
    json_t *head = json_pack("{si sI}", "format", FORMAT, "size", (json_int_t)file->size);

    for (size_t i = 0; head && i < TEXT_COUNT; i++)
        if (*text_of(&copy, i))
            json_object_set_new(head, texts[i].key, json_string(*text_of(&copy, i)));

    char *text = head ? json_dumps(head, JSON_COMPACT) : NULL;
    int error = folder && name && text ? file_write(folder, name, text, strlen(text)) : ENOMEM;

    free(text);
    json_decref(head);
    return error;
}

static int read_head(struct arena *arena, const char *folder, const char *name, struct waiting_file *ret_file)
{
    const char *path = arena_format(arena, "%s/%s", folder, name), *bytes;
    struct json_fault fault;
    size_t length;
    int error = path ? file_read(arena, path, HEAD_LIMIT, &bytes, &length) : ENOMEM;
    json_t *head = error ? NULL : json_parse_strict(bytes, length, MOST_VALUES, &fault);

    *ret_file = (struct waiting_file){.id = arena_copy(arena, name, strlen(name) - strlen(HEAD_SUFFIX)),
                                      .size = json_integer_value(json_object_get(head, "size"))};
    if (!error && (!head || json_integer_value(json_object_get(head, "format")) != FORMAT))
        error = EBADMSG;
    for (size_t i = 0; !error && i < TEXT_COUNT; i++) {
        *text_of(ret_file, i) = arena_text(arena, json_text_member(head, texts[i].key));
        if (texts[i].needed && !*text_of(ret_file, i))
            error = EBADMSG;
    }
    json_decref(head);
    return error;
}

int waiting_file_list(struct arena *arena, const char *state, struct waiting_file **ret_files, size_t *ret_count)
{
    const char *folder = folder_of(arena, state), **names = NULL;
    size_t count = 0;
    int error = folder ? folder_list(arena, folder, HEAD_SUFFIX, &names, &count) : ENOMEM;

    *ret_count = 0;
    if (error)
        return error;
    *ret_files = arena_alloc_array(arena, count + 1, sizeof **ret_files);
    if (!*ret_files)
        return ENOMEM;
    for (size_t i = 0; i < count; i++)
        *ret_count += read_head(arena, folder, names[i], &(*ret_files)[*ret_count]) == 0;
    return 0;
}

int waiting_file_open(struct arena *arena, const char *state, const struct waiting_file *file, int *ret_descriptor)
{
    const char *path = path_of(arena, state, file, "");
    int descriptor = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;

    if (descriptor < 0)
        return path ? errno : ENOMEM;
    *ret_descriptor = descriptor;
    return 0;
}

int waiting_file_remove(struct arena *arena, const char *state, const struct waiting_file *file)
{
    const char *head = path_of(arena, state, file, HEAD_SUFFIX), *bytes = path_of(arena, state, file, "");

    if (!head || !bytes)
        return ENOMEM;
    if (unlink(head) != 0 && errno != ENOENT)
        return errno;
    return unlink(bytes) == 0 || errno == ENOENT ? 0 : errno;
}
