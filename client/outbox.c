/* outbox.c: the four shelves. */
#include "outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/period.h"
#include "files.h"
#include "outbox_entry.h"

#define ENTRY_SUFFIX  ".entry"
#define ANSWER_SUFFIX ".json"

enum { ENTRY_LIMIT = 16 * 1024 * 1024, ANSWER_LIMIT = 64 * 1024 * 1024, ID_DIGITS = 17 };

struct outbox {
    struct arena *arena;
    const char *folders[SHELF_COUNT];
};

static const char *const shelf_names[SHELF_COUNT] = {[SHELF_OUTBOX] = "outbox",
                                                     [SHELF_RECEIPTS] = "receipts",
                                                     [SHELF_REFUSED] = "refused",
                                                     [SHELF_CONFLICTS] = "conflicts",
                                                     [SHELF_PREPARED] = "prepared"};

int outbox_open(struct arena *arena, const char *state, struct outbox **ret_outbox)
{
    struct outbox *outbox = arena_alloc(arena, sizeof *outbox);

    if (!outbox)
        return ENOMEM;
    outbox->arena = arena;
    for (size_t i = 0; i < SHELF_COUNT; i++) {
        outbox->folders[i] = arena_format(arena, "%s/%s", state, shelf_names[i]);

        int error = outbox->folders[i] ? folder_make(outbox->folders[i]) : ENOMEM;

        if (error)
            return error;
    }
    *ret_outbox = outbox;
    return 0;
}

static int take_lock(struct outbox *outbox, const char *name, bool wait, int *ret_lock)
{
    const char *path = arena_format(outbox->arena, "%s/%s", outbox->folders[SHELF_OUTBOX], name);
    int lock = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;

    if (lock < 0)
        return path ? errno : ENOMEM;
    while (flock(lock, wait ? LOCK_EX : LOCK_EX | LOCK_NB) != 0) {
        if (errno != EINTR) {
            int error = errno;

            close(lock);
            return error;
        }
    }
    *ret_lock = lock;
    return 0;
}

int outbox_lock(struct outbox *outbox, bool wait, int *ret_lock)
{
    return take_lock(outbox, ".sending", wait, ret_lock);
}

void outbox_unlock(int lock)
{
    close(lock);
}

void outbox_make_key(char ret_key[static OUTBOX_KEY_SIZE])
{
    unsigned char random[(OUTBOX_KEY_SIZE - 1) / 2];

    randombytes_buf(random, sizeof random);
    sodium_bin2hex(ret_key, OUTBOX_KEY_SIZE, random, sizeof random);
}

static const char *without_suffix(struct arena *arena, const char *name, const char *suffix)
{
    return arena_copy(arena, name, strlen(name) - strlen(suffix));
}

int outbox_list(struct outbox *outbox, enum shelf shelf, const char ***ret_ids, size_t *ret_count)
{
    int error = folder_list(outbox->arena, outbox->folders[shelf], ENTRY_SUFFIX, ret_ids, ret_count);

    for (size_t i = 0; !error && i < *ret_count; i++) {
        (*ret_ids)[i] = without_suffix(outbox->arena, (*ret_ids)[i], ENTRY_SUFFIX);
        if (!(*ret_ids)[i])
            error = ENOMEM;
    }
    return error;
}

/* Microseconds of the clock, but later than every entry that is there: a clock set back must not change the order. */
static int next_id(struct outbox *outbox, const char **ret_id)
{
    long long newest = 0;
    struct timespec now;

    for (size_t shelf = 0; shelf < SHELF_COUNT; shelf++) {
        const char **ids;
        size_t count;
        int error = outbox_list(outbox, (enum shelf)shelf, &ids, &count);

        if (error)
            return error;
        if (count > 0) {
            long long last = strtoll(ids[count - 1], NULL, 10);

            newest = last > newest ? last : newest;
        }
    }
    clock_gettime(CLOCK_REALTIME, &now);

    long long id = (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;

    *ret_id = arena_format(outbox->arena, "%0*lld", ID_DIGITS, id > newest ? id : newest + 1);
    return *ret_id ? 0 : ENOMEM;
}

static int store_locked(struct outbox *outbox, const struct outbox_entry *entry, const char **ret_id)
{
    struct buffer bytes = BUFFER_WITH_LIMIT(ENTRY_LIMIT);
    struct outbox_entry stored = *entry;
    struct timespec now;
    char stamp[TIMESTAMP_TEXT_SIZE];
    int error = next_id(outbox, &stored.id);

    if (error)
        return error;
    clock_gettime(CLOCK_REALTIME, &now);
    timestamp_format((timestamp)now.tv_sec * 1000000 + now.tv_nsec / 1000, stamp);
    stored.stored_at = stamp;

    const char *name = arena_format(outbox->arena, "%s" ENTRY_SUFFIX, stored.id);

    folder_sweep(outbox->folders[SHELF_OUTBOX]); /* nobody else is writing: the lock is ours */
    if (!name || !outbox_entry_write(&stored, &bytes))
        error = ENOMEM;
    else
        error = file_write(outbox->folders[SHELF_OUTBOX], name, bytes.data, bytes.length);
    buffer_free(&bytes);
    if (!error)
        *ret_id = stored.id;
    return error;
}

int outbox_store(struct outbox *outbox, const struct outbox_entry *entry, const char **ret_id)
{
    int lock = -1, error = take_lock(outbox, ".storing", true, &lock);

    if (error)
        return error;
    error = store_locked(outbox, entry, ret_id);
    outbox_unlock(lock);
    return error;
}

const char *outbox_entry_file(struct outbox *outbox, enum shelf shelf, const char *id)
{
    return arena_format(outbox->arena, "%s/%s" ENTRY_SUFFIX, outbox->folders[shelf], id);
}

const char *outbox_answer_file(struct outbox *outbox, enum shelf shelf, const char *id)
{
    return arena_format(outbox->arena, "%s/%s" ANSWER_SUFFIX, outbox->folders[shelf], id);
}

int outbox_read(struct outbox *outbox, enum shelf shelf, const char *id, struct outbox_entry *ret_entry)
{
    const char *path = outbox_entry_file(outbox, shelf, id), *bytes;
    size_t length;
    int error = path ? file_read(outbox->arena, path, ENTRY_LIMIT, &bytes, &length) : ENOMEM;

    if (!error)
        error = outbox_entry_parse(outbox->arena, bytes, length, ret_entry);
    if (!error)
        ret_entry->id = id;
    return error;
}

int outbox_answer(struct outbox *outbox, enum shelf shelf, const char *id, const char **ret_answer, size_t *ret_length)
{
    const char *path = outbox_answer_file(outbox, shelf, id);

    return path ? file_read(outbox->arena, path, ANSWER_LIMIT, ret_answer, ret_length) : ENOMEM;
}

int outbox_settle(struct outbox *outbox, const char *id, enum shelf shelf, const char *answer, size_t length)
{
    const char *from = outbox_entry_file(outbox, SHELF_OUTBOX, id), *to = outbox_entry_file(outbox, shelf, id);
    const char *name = arena_format(outbox->arena, "%s" ANSWER_SUFFIX, id);
    int error = from && to && name ? file_write(outbox->folders[shelf], name, answer, length) : ENOMEM;

    if (error)
        return error;
    if (rename(from, to) != 0)
        return errno;
    error = folder_sync(outbox->folders[shelf]);
    return error ? error : folder_sync(outbox->folders[SHELF_OUTBOX]);
}

bool outbox_is_release(const struct outbox_entry *entry)
{
    static const char prepared[] = "/v1/prepared/";

    return strncmp(entry->path, prepared, sizeof prepared - 1) == 0;
}
