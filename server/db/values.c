/* values.c: values in and out as text. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "db/db.h"

void bytea_format(const void *bytes, size_t length, char ret_text[static BYTEA_TEXT_SIZE])
{
    ret_text[0] = '\\';
    ret_text[1] = 'x';
    sodium_bin2hex(ret_text + 2, BYTEA_TEXT_SIZE - 2, bytes, length);
}

bool bytea_parse(const char *text, void *ret_bytes, size_t length)
{
    size_t read;

    return text && text[0] == '\\' && text[1] == 'x' && strlen(text) == 2 + 2 * length &&
           sodium_hex2bin(ret_bytes, length, text + 2, 2 * length, NULL, &read, NULL) == 0 && read == length;
}

bool uuid_is_well_formed(const char *text)
{
    static const size_t hyphens[] = {8, 13, 18, 23, 36};
    size_t at = 0;

    for (size_t i = 0; i < sizeof hyphens / sizeof *hyphens; i++) {
        at += strspn(text + at, "0123456789abcdef");
        if (at != hyphens[i] || text[at] != (at < 36 ? '-' : '\0'))
            return false;
        at++;
    }
    return true;
}

int64_t result_int64(const PGresult *result, int row, int column)
{
    return strtoll(PQgetvalue(result, row, column), NULL, 10);
}

bool result_bool(const PGresult *result, int row, int column)
{
    return PQgetvalue(result, row, column)[0] == 't';
}

unsigned char *result_bytes(const PGresult *result, int row, int column, size_t *ret_length)
{
    return PQunescapeBytea((const unsigned char *)PQgetvalue(result, row, column), ret_length);
}

const char *result_text(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}
