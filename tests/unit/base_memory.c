/* base_memory.c: arenas and buffers keep to their limits and never hand out what isn't theirs. */
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "unit/common_support.h"

Test(arena, memory_is_zeroed_aligned_and_apart)
{
    struct arena *arena = arena_new(1024 * 1024);
    unsigned char *before = NULL;

    for (size_t size = 1; size < 9000; size = size * 3 / 2 + 1) {
        unsigned char *memory = arena_alloc(arena, size);

        cr_assert_not_null(memory);
        cr_assert_eq((uintptr_t)memory % 16, 0);
        for (size_t i = 0; i < size; i++)
            cr_assert_eq(memory[i], 0);
        memset(memory, 0xaa, size);
        if (before)
            cr_assert_eq(*before, 0xaa);
        before = memory;
    }
    arena_free(arena);
}

Test(arena, the_limit_holds_to_the_byte)
{
    struct arena *arena = arena_new(160);

    for (int i = 0; i < 10; i++)
        cr_assert_not_null(arena_alloc(arena, 16));
    cr_assert_null(arena_alloc(arena, 1));
    cr_assert_eq(arena_used(arena), 160);
    arena_free(arena);
}

Test(arena, what_does_not_fit_is_refused_and_the_rest_stays_usable)
{
    struct arena *arena = arena_new(64 * 1024);

    cr_assert_null(arena_alloc(arena, 65 * 1024));
    cr_assert_null(arena_alloc(arena, SIZE_MAX));
    cr_assert_null(arena_alloc_array(arena, SIZE_MAX / 2, 3));
    cr_assert_null(arena_copy(arena, "", SIZE_MAX));
    cr_assert_null(arena_text(arena, NULL));
    cr_assert_str_eq(arena_format(arena, "%s-%d", "h", 7), "h-7");
    cr_assert_str_eq(arena_copy(arena, "abc", 2), "ab");
    cr_assert_not_null(arena_alloc(arena, 40 * 1024));
    cr_assert_str_eq(arena_text(arena, "small ones still go into the first block"),
                     "small ones still go into the first block");
    arena_free(arena);
    arena_free(NULL);
}

Test(arena, a_refusal_is_remembered)
{
    struct arena *arena = arena_new(100), *other = arena_new(100);

    cr_assert_not_null(arena_alloc(arena, 50));
    cr_assert_not(arena_is_short(arena));
    cr_assert_null(arena_format(arena, "%200d", 1));
    cr_assert_not_null(arena_alloc(arena, 10), "what still fits is given");
    cr_assert(arena_is_short(arena));
    arena_note_shortage(other);
    cr_assert(arena_is_short(other));
    arena_free(arena);
    arena_free(other);
}

Test(buffer, appends_up_to_its_limit_and_not_a_byte_more)
{
    struct buffer buffer = BUFFER_WITH_LIMIT(10);

    cr_assert(buffer_append_text(&buffer, "12345"));
    cr_assert(buffer_append_format(&buffer, "%d", 67890));
    cr_assert_str_eq(buffer.data, "1234567890");
    cr_assert_not(buffer_append_char(&buffer, '!'));
    cr_assert(buffer.failed);
    cr_assert_null(buffer.data);
    cr_assert_not(buffer_append_text(&buffer, ""), "a failed buffer stays failed");
    cr_assert_null(buffer_take(&buffer, NULL));
    buffer_free(&buffer);
}

Test(buffer, takes_any_bytes_and_hands_them_over)
{
    struct buffer buffer = BUFFER_WITH_LIMIT(100000);
    size_t length;

    for (int i = 0; i < 1000; i++)
        cr_assert(buffer_append(&buffer, "a\0b", 3));
    char *bytes = buffer_take(&buffer, &length);

    cr_assert_eq(length, 3000);
    cr_assert_eq(memcmp(bytes + 2997, "a\0b", 4), 0);
    free(bytes);
    bytes = buffer_take(&buffer, &length);
    cr_assert_str_eq(bytes, "", "an empty buffer gives an empty text");
    cr_assert_eq(length, 0);
    free(bytes);
}
