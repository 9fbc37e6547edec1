/* fuzz_attachment_type.c: telling a file's kind never reads outside it, and what it takes it takes for a reason. */
#include "attachment/name.h"
#include "attachment/type.h"
#include "fuzz/fuzz_support.h"

struct bytes {
    const uint8_t *data;
    size_t size;
};

static bool read_bytes(void *context, uint64_t at, size_t length, unsigned char *ret_bytes)
{
    const struct bytes *bytes = context;

    CLAIM(at <= bytes->size && length <= bytes->size - at);
    memcpy(ret_bytes, bytes->data + at, length);
    return true;
}

static void try_name(const char *given)
{
    for (const struct attachment_type *type = attachment_types; type->media_type; type++) {
        struct arena *arena = arena_new(MEMORY);
        const char *name = attachment_name(arena, given, type);

        CLAIM(name && *name != '.' && !strpbrk(name, "/\\\r\n\"<>:|?*") && strlen(name) > strlen(type->extension) + 1);
        arena_free(arena);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = {data, size};
    struct byte_source source = {.size = size, .read = read_bytes, .context = &bytes};
    const struct attachment_type *type = NULL;
    enum problem problem = PROBLEM_internal;

    CLAIM(attachment_judge(&source, &problem, &type));
    CLAIM((problem == PROBLEM_NONE) == (type != NULL));
    CLAIM(problem == PROBLEM_NONE || problem_entry(problem)->status == 422);
    CLAIM(!type || attachment_type(type->media_type) == type);

    char *text = malloc(size + 1);

    CLAIM(text);
    memcpy(text, data, size);
    text[size] = '\0';
    try_name(text);
    free(text);
    return 0;
}
