/* attaching_upload.c: a file that goes with an order of its own, uploaded from where it is. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attaching.h"
#include "attaching_inside.h"
#include "base/digest.h"

enum { PIECE = 1024 * 1024, READ_AT_ONCE = 64 * 1024, MOST_ATTEMPTS = 2 };

/* A name that isn't UTF-8 can't be sent. */
const char *sending_name(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    json_t *text = json_string(name);
    bool good = text && *name;

    json_decref(text);
    return good ? name : "attachment";
}

/* Sets size and sha256. 0 or an errno value. */
static int measure(struct arena *arena, int descriptor, struct waiting_file *file)
{
    crypto_hash_sha256_state state;
    unsigned char bytes[READ_AT_ONCE];
    char sha256[DIGEST_TEXT_SIZE];
    struct digest digest;
    struct stat stat;

    if (fstat(descriptor, &stat) != 0)
        return errno;
    file->size = stat.st_size;
    crypto_hash_sha256_init(&state);
    for (long long at = 0; at < file->size;) {
        size_t length = file->size - at < READ_AT_ONCE ? (size_t)(file->size - at) : READ_AT_ONCE;

        if (!descriptor_read(&descriptor, (uint64_t)at, length, bytes))
            return EIO;
        crypto_hash_sha256_update(&state, bytes, length);
        at += (long long)length;
    }
    crypto_hash_sha256_final(&state, digest.bytes);
    digest_format(&digest, sha256);
    file->sha256 = arena_text(arena, sha256);
    return file->sha256 ? 0 : ENOMEM;
}

/* An upload that the server knows no more halfway is begun anew, once. */
static enum exit_status send_open(struct sending *sending, int descriptor)
{
    enum exit_status status = EXIT_DONE;

    for (int attempt = 0; attempt < MOST_ATTEMPTS && status == EXIT_DONE; attempt++) {
        sending->file->upload = NULL;
        status = sending_send_open(sending, descriptor);
        if (!sending->is_gone)
            return status;
    }
    client_say(sending->client, not_attached, sending->file->name);
    return status == EXIT_DONE ? EXIT_SERVER_FAULT : status;
}

enum exit_status attaching_upload(struct client *client, const char *plan, const char *path, const char **ret_upload)
{
    struct waiting_file file = {.plan = plan, .name = sending_name(path)};
    struct sending sending = {.client = client, .file = &file, .piece = PIECE};
    int error, descriptor = open(path, O_RDONLY | O_CLOEXEC);
    enum exit_status status;

    *ret_upload = NULL;
    if (descriptor < 0)
        return client_machine_fault(client, path, errno);
    error = measure(client->arena, descriptor, &file);
    status = error ? client_machine_fault(client, path, error) : send_open(&sending, descriptor);
    close(descriptor);
    if (status == EXIT_DONE)
        *ret_upload = file.upload;
    return status;
}
