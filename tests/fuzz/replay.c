/* replay.c: in the ordinary tests, feeds every file of a corpus folder to a fuzz target, so that what fuzzing once found
 * stays found. `make fuzz` links libFuzzer's driver in its place. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* Reads a whole file into memory that the caller frees; NULL on failure. */
static uint8_t *read_file(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    uint8_t *data = NULL;
    long size;
    if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && fseek(file, 0, SEEK_SET) == 0) {
        /* Exactly the file's size, so that AddressSanitizer sees a read past its end. */
        data = malloc(size > 0 ? (size_t)size : 1);
        if (data && fread(data, 1, (size_t)size, file) != (size_t)size) {
            free(data);
            data = NULL;
        }
        *ret_size = (size_t)size;
    }
    fclose(file);
    return data;
}

/* Feeds one file; the path is printed first, so that the log of a crash ends in the file that caused it. */
static int replay_file(const char *path)
{
    printf("# %s\n", path);
    fflush(stdout);
    size_t size = 0;
    uint8_t *data = read_file(path, &size);
    if (!data) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return -1;
    }
    LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 0;
}

static int replay_folder(const char *folder)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_input, alphasort);
    int failures = count < 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (length < 0 || (size_t)length >= sizeof path || replay_file(path) != 0)
            failures++;
        free(entries[i]);
    }
    free(entries);
    if (count < 1)
        fprintf(stderr, "%s: no input\n", folder);
    printf("%s - replays %d inputs of %s\n", failures == 0 && count > 0 ? "ok" : "not ok", count, folder);
    return failures == 0 && count > 0 ? 0 : -1;
}

int main(int argc, char **argv)
{
    int status = argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
    for (int i = 1; i < argc; i++)
        if (replay_folder(argv[i]) != 0)
            status = EXIT_FAILURE;
    return status;
}
