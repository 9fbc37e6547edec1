/* arena.h: memory that lives as long as one request or one loaded plan, freed at once. */
#ifndef TRIBUTARY_BASE_ARENA_H
#define TRIBUTARY_BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Makes an arena that hands out at most `limit` bytes in all. The caller frees it with arena_free().
 * Returns NULL when memory is short. */
struct arena *arena_new(size_t limit);

/* Frees the arena and everything it handed out. Accepts NULL. */
void arena_free(struct arena *arena);

/* Zeroed memory for `size` bytes, aligned for any type. NULL when the limit or memory is reached. */
void *arena_alloc(struct arena *arena, size_t size);

/* Zeroed memory for `count` items of `size` bytes; NULL also when the product overflows. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/* A NUL-terminated copy of `length` bytes. */
char *arena_copy(struct arena *arena, const char *bytes, size_t length);

/* A copy of a C string; NULL in, NULL out. */
char *arena_text(struct arena *arena, const char *text);

/* A formatted string, as printf(3). */
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vformat(struct arena *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Bytes handed out so far. */
size_t arena_used(const struct arena *arena);

/* Whether any request was ever refused: what was made in this arena may lack something. One question at the end of a
 * job stands for a check of every text. */
bool arena_is_short(const struct arena *arena);

/* Has the arena remember that memory was short elsewhere. */
void arena_note_shortage(struct arena *arena);

#endif
