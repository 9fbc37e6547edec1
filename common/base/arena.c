/* arena.c: blocks in a list; the newest block serves small requests, large ones get a block of their own. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16 * 1024, ALIGNMENT = 16 };

struct block {
    struct block *next;
    size_t size, used;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

struct arena {
    struct block *blocks;
    size_t limit, used;
    bool short_of_memory;
};

struct arena *arena_new(size_t limit)
{
    struct arena *arena = calloc(1, sizeof *arena);

    if (arena)
        arena->limit = limit;
    return arena;
}

void arena_free(struct arena *arena)
{
    if (!arena)
        return;
    for (struct block *block = arena->blocks, *next; block; block = next) {
        next = block->next;
        free(block);
    }
    free(arena);
}

static void *allocate(struct arena *arena, size_t size)
{
    struct block *block = arena->blocks;

    if (size > arena->limit || size > SIZE_MAX / 2)
        return NULL;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size > arena->limit - arena->used)
        return NULL;

    if (!block || size > block->size - block->used) {
        size_t wanted = size > BLOCK_SIZE / 4 ? size : BLOCK_SIZE;

        block = calloc(1, sizeof *block + wanted);
        if (!block)
            return NULL;
        block->size = wanted;
        /* A block made for one large request goes behind the current one, whose rest stays in use. */
        if (wanted == size && arena->blocks) {
            block->next = arena->blocks->next;
            arena->blocks->next = block;
        } else {
            block->next = arena->blocks;
            arena->blocks = block;
        }
    }

    void *memory = block->bytes + block->used;

    block->used += size;
    arena->used += size;
    return memory;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *memory = allocate(arena, size);

    if (!memory)
        arena_note_shortage(arena);
    return memory;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;

    return arena_alloc(arena, __builtin_mul_overflow(count, size, &total) ? SIZE_MAX : total);
}

char *arena_copy(struct arena *arena, const char *bytes, size_t length)
{
    char *copy = arena_alloc(arena, length < SIZE_MAX ? length + 1 : SIZE_MAX);

    if (copy && length)
        memcpy(copy, bytes, length);
    return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
    return text ? arena_copy(arena, text, strlen(text)) : NULL;
}

char *arena_vformat(struct arena *arena, const char *format, va_list args)
{
    va_list measure;

    va_copy(measure, args);
    int length = vsnprintf(NULL, 0, format, measure);
    va_end(measure);
    if (length < 0)
        return NULL;

    char *text = arena_alloc(arena, (size_t)length + 1);

    if (text)
        vsnprintf(text, (size_t)length + 1, format, args);
    return text;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = arena_vformat(arena, format, args);
    va_end(args);
    return text;
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}

bool arena_is_short(const struct arena *arena)
{
    return arena->short_of_memory;
}

void arena_note_shortage(struct arena *arena)
{
    arena->short_of_memory = true;
}
