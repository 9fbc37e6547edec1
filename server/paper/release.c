/* release.c: the program, the libraries and the fonts. */
#include "paper/release.h"

#include <cairo.h>
#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include <hb.h>
#include <pango/pango.h>
#include <png.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>
#include <zlib.h>

#include "base/buffer.h"
#include "base/digest.h"
#include "base/version.h"
#include "paper/type.h"

enum { LONGEST_RELEASE = 16 * 1024, BLOCK = 64 * 1024, MOST_FAMILY = 64 };

static pthread_once_t asked = PTHREAD_ONCE_INIT;
static char *answer;

/* Appends the first half of the digest of a file's first bytes, and its size. A program is read whole (`most` 0). A font
 * begins with the sums of all its tables: what else changes in it changes these. */
static bool append_file(struct buffer *out, const char *path, size_t most)
{
    static const size_t shown = DIGEST_SIZE;
    FILE *file = fopen(path, "rb");
    unsigned char *block = malloc(BLOCK);
    crypto_hash_sha256_state state;
    struct digest digest;
    char text[DIGEST_TEXT_SIZE];
    size_t read = 0;
    bool good = file && block;

    crypto_hash_sha256_init(&state);
    for (size_t count; good && (!most || read < most) && (count = fread(block, 1, BLOCK, file)) > 0; read += count)
        crypto_hash_sha256_update(&state, block, count);
    good = good && !ferror(file) && fseek(file, 0, SEEK_END) == 0;
    crypto_hash_sha256_final(&state, digest.bytes);
    digest_format(&digest, text);
    text[shown] = '\0';
    if (good)
        buffer_append_format(out, " %ld %s", ftell(file), text);
    if (file)
        fclose(file);
    free(block);
    return good;
}

static void append_libraries(struct buffer *out)
{
    FT_Library library;
    FT_Int major = 0, minor = 0, patch = 0;

    if (FT_Init_FreeType(&library) == 0) {
        FT_Library_Version(library, &major, &minor, &patch);
        FT_Done_FreeType(library);
    }
    buffer_append_format(out, "; cairo %s; pango %s; harfbuzz %s; freetype %d.%d.%d", cairo_version_string(),
                         pango_version_string(), hb_version_string(), (int)major, (int)minor, (int)patch);
    buffer_append_format(out, "; fontconfig %d; libpng %s; libzip %s; zlib %s", FcGetVersion(),
                         png_get_libpng_ver(NULL), zip_libzip_version(), zlibVersion());
}

/* Adds the files of one family. */
static void add_family(FcStrSet *files, const char *family)
{
    FcPattern *pattern = FcPatternBuild(NULL, FC_FAMILY, FcTypeString, family, (char *)NULL);
    FcObjectSet *wanted = FcObjectSetBuild(FC_FILE, (char *)NULL);
    FcFontSet *found = pattern && wanted ? FcFontList(NULL, pattern, wanted) : NULL;
    FcChar8 *file;

    for (int i = 0; found && i < found->nfont; i++)
        if (FcPatternGetString(found->fonts[i], FC_FILE, 0, &file) == FcResultMatch)
            FcStrSetAdd(files, file);
    if (found)
        FcFontSetDestroy(found);
    if (wanted)
        FcObjectSetDestroy(wanted);
    if (pattern)
        FcPatternDestroy(pattern);
}

/* Of a list "one, another". */
static void add_families(FcStrSet *files, const char *families)
{
    char family[MOST_FAMILY];

    for (const char *at = families; *at; at += strspn(at, ", ")) {
        size_t length = strcspn(at, ",");

        snprintf(family, sizeof family, "%.*s", (int)length, at);
        add_family(files, family);
        at += length;
    }
}

static void append_fonts(struct buffer *out)
{
    FcStrSet *files = FcStrSetCreate();
    FcStrList *list;

    if (!files)
        return;
    add_families(files, type_usual_script);
    add_families(files, type_usual_latin);
    list = FcStrListCreate(files);
    for (FcChar8 *file; list && (file = FcStrListNext(list));) {
        const char *name = strrchr((const char *)file, '/');

        buffer_append_format(out, "; %s", name ? name + 1 : (const char *)file);
        append_file(out, (const char *)file, BLOCK);
    }
    if (list)
        FcStrListDone(list);
    FcStrSetDestroy(files);
}

static void find_out(void)
{
    struct buffer out = BUFFER_WITH_LIMIT(LONGEST_RELEASE);
    bool good = buffer_append_text(&out, "tributaryd " TRIBUTARY_VERSION) && append_file(&out, "/proc/self/exe", 0);

    append_libraries(&out);
    append_fonts(&out);
    answer = buffer_take(&out, NULL);
    if (!good) {
        free(answer);
        answer = NULL;
    }
}

const char *paper_release(void)
{
    pthread_once(&asked, find_out);
    return answer;
}
