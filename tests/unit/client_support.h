/* client_support.h: what the unit tests of the client share: a folder of their own. */
#ifndef TRIBUTARY_TESTS_CLIENT_SUPPORT_H
#define TRIBUTARY_TESTS_CLIENT_SUPPORT_H

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define COUNT(items) (sizeof(items) / sizeof *(items))

enum { TEST_MEMORY = 256 * 1024 * 1024 };

static char test_folder[64];
static struct arena *memory;

static inline int remove_one(const char *path, const struct stat *file, int kind, struct FTW *place)
{
    (void)file;
    (void)kind;
    (void)place;
    return remove(path);
}

/* A fresh folder and an arena. */
static inline void make_test_folder(void)
{
    snprintf(test_folder, sizeof test_folder, "/tmp/tributary-client-XXXXXX");
    cr_assert_not_null(mkdtemp(test_folder));
    memory = arena_new(TEST_MEMORY);
    cr_assert_not_null(memory);
}

static inline void remove_test_folder(void)
{
    nftw(test_folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    arena_free(memory);
}

#endif
