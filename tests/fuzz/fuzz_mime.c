/* fuzz_mime.c: whatever a text is, as a header it is lines of printable ASCII, the first named and the others continued, and
 * decoded it is the text without its controls. */
#include <sodium.h>

#include "fuzz/fuzz_support.h"
#include "mail/mime.h"

/* Lines end with CRLF, are no longer than they may be, and begin with the name once. */
static void check_header(const struct buffer *out, const char *name)
{
    const char *line = out->data;

    CLAIM(out->length > 2 && memcmp(out->data + out->length - 2, "\r\n", 2) == 0);
    CLAIM(strlen(out->data) == out->length && strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':');
    while (*line) {
        const char *end = strstr(line, "\r\n");
        size_t length = (size_t)(end - line);

        CLAIM(line == out->data || (*line == ' ' && length > 1));
        CLAIM(length <= 998 && (length <= 76 || !memmem(line, length, "=?UTF-8?B?", 10)));
        for (size_t i = 0; i < length; i++)
            CLAIM(line[i] >= ' ' && line[i] <= '~');
        line = end + 2;
    }
}

/* Encoded words decode to text without line ends. */
static void check_words(const struct buffer *out)
{
    for (const char *word = strstr(out->data, "=?UTF-8?B?"); word; word = strstr(word, "=?UTF-8?B?")) {
        const char *end = strstr(word, "?=");
        unsigned char bytes[64];
        size_t length = 0;

        CLAIM(end);
        word += 10;
        CLAIM(sodium_base642bin(bytes, sizeof bytes, word, (size_t)(end - word), NULL, &length, NULL,
                                sodium_base64_VARIANT_ORIGINAL) == 0);
        for (size_t i = 0; i < length; i++)
            CLAIM(bytes[i] >= 0x20 && bytes[i] != 0x7f);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer header = BUFFER_WITH_LIMIT(MEMORY), mailbox = BUFFER_WITH_LIMIT(MEMORY),
                  body = BUFFER_WITH_LIMIT(MEMORY);
    char *text = malloc(size + 1), display[64], address[64];

    CLAIM(text);
    memcpy(text, data, size);
    text[size] = '\0';
    mime_header(&header, "Subject", text);
    mime_mailbox_header(&mailbox, "To", text, "a@b.test");
    mime_text_body(&body, "zh-TW", text);
    CLAIM(!header.failed && !mailbox.failed && !body.failed);
    check_header(&header, "Subject");
    check_words(&header);
    check_header(&mailbox, "To");
    check_words(&mailbox);
    for (size_t i = 0; i < body.length; i++)
        CLAIM((unsigned char)body.data[i] < 0x80);
    if (mime_read_mailbox(text, display, sizeof display, address, sizeof address))
        CLAIM(mime_is_address(address) && !strpbrk(display, "\r\n<>@"));
    buffer_free(&header);
    buffer_free(&mailbox);
    buffer_free(&body);
    free(text);
    return 0;
}
