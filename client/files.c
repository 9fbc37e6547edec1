/* files.c: files and folders that survive a crash. */
#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"

enum { PATH_SIZE = 4096 };

static int close_with(int file, int error)
{
    if (close(file) != 0 && !error)
        error = errno;
    return error;
}

static int read_all(int file, struct buffer *bytes)
{
    char piece[65536];
    ssize_t got;

    while ((got = read(file, piece, sizeof piece)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        if (!buffer_append(bytes, piece, (size_t)got))
            return EFBIG;
    }
    return 0;
}

int file_read(struct arena *arena, const char *path, size_t limit, const char **ret_bytes, size_t *ret_length)
{
    struct buffer bytes = BUFFER_WITH_LIMIT(limit);
    bool standard_input = strcmp(path, "-") == 0;
    int file = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (file < 0)
        return errno;

    int error = read_all(file, &bytes);

    if (!standard_input)
        error = close_with(file, error);
    if (!error) {
        const char *copy = arena_copy(arena, bytes.data ? bytes.data : "", bytes.length);

        if (copy) {
            *ret_bytes = copy;
            *ret_length = bytes.length;
        } else {
            error = ENOMEM;
        }
    }
    buffer_free(&bytes);
    return error;
}

static int write_all(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, bytes, length);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return errno;
        bytes += written;
        length -= (size_t)written;
    }
    return fsync(file) == 0 ? 0 : errno;
}

int file_save(const char *path, const void *bytes, size_t length, bool replace)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (replace ? O_TRUNC : O_EXCL), 0666), error;

    if (file < 0)
        return errno;
    error = close_with(file, write_all(file, bytes, length));
    if (error && !replace)
        unlink(path);
    return error;
}

static int join(char path[static PATH_SIZE], const char *folder, const char *name)
{
    int length = snprintf(path, PATH_SIZE, "%s/%s", folder, name);

    return length < 0 || length >= PATH_SIZE ? ENAMETOOLONG : 0;
}

int file_write(const char *folder, const char *name, const void *bytes, size_t length)
{
    char temporary[PATH_SIZE], final[PATH_SIZE];
    int error = join(temporary, folder, UNFINISHED_PREFIX "XXXXXX");

    if (!error)
        error = join(final, folder, name);
    if (error)
        return error;

    int file = mkostemp(temporary, O_CLOEXEC); /* mode 0600 */

    if (file < 0)
        return errno;
    error = close_with(file, write_all(file, bytes, length));
    if (!error && rename(temporary, final) != 0)
        error = errno;
    if (error) {
        unlink(temporary);
        return error;
    }
    return folder_sync(folder);
}

/* A new folder is durable once the one above it is. */
static int make_one(const char *path, const char *above)
{
    if (mkdir(path, 0700) == 0)
        return folder_sync(above);
    return errno == EEXIST ? 0 : errno;
}

int folder_make(const char *path)
{
    char part[PATH_SIZE], above[PATH_SIZE] = "/";

    if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
        return ENAMETOOLONG;
    if (part[0] != '/')
        snprintf(above, sizeof above, ".");
    for (char *slash = part + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';

        int error = make_one(part, above);

        if (error)
            return error;
        memcpy(above, part, strlen(part) + 1);
        *slash = '/';
    }
    return make_one(part, above);
}

int folder_sync(const char *path)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder < 0)
        return errno;
    return close_with(folder, fsync(folder) == 0 ? 0 : errno);
}

static bool ends_with(const char *text, const char *suffix)
{
    size_t length = strlen(text), tail = strlen(suffix);

    return length >= tail && strcmp(text + length - tail, suffix) == 0;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int add_name(struct arena *arena, const char *name, const char ***names, size_t *count, size_t *capacity)
{
    if (*count == *capacity) {
        size_t larger = *capacity ? *capacity * 2 : 64;
        const char **copy = arena_alloc_array(arena, larger, sizeof *copy);

        if (!copy)
            return ENOMEM;
        if (*count)
            memcpy(copy, *names, *count * sizeof *copy);
        *names = copy;
        *capacity = larger;
    }
    (*names)[*count] = arena_text(arena, name);
    return (*names)[(*count)++] ? 0 : ENOMEM;
}

int folder_list(struct arena *arena, const char *path, const char *suffix, const char ***ret_names, size_t *ret_count)
{
    DIR *folder = opendir(path);
    const char **names = NULL;
    size_t count = 0, capacity = 0;
    int error = 0;

    if (!folder && errno != ENOENT)
        return errno;
    for (struct dirent *item; folder && !error && (item = readdir(folder));)
        if (item->d_name[0] != '.' && ends_with(item->d_name, suffix))
            error = add_name(arena, item->d_name, &names, &count, &capacity);
    if (folder)
        closedir(folder);
    if (error)
        return error;
    if (count > 0)
        qsort(names, count, sizeof *names, compare_texts);
    *ret_names = names;
    *ret_count = count;
    return 0;
}

void folder_sweep(const char *path)
{
    DIR *folder = opendir(path);

    if (!folder)
        return;
    for (struct dirent *item; (item = readdir(folder));)
        if (strncmp(item->d_name, UNFINISHED_PREFIX, strlen(UNFINISHED_PREFIX)) == 0)
            unlinkat(dirfd(folder), item->d_name, 0);
    closedir(folder);
}
