/* network.c: addresses and networks; inet_pton() reads the addresses. */
#include "base/network.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAPPED = 96, BITS = 128 };

static const unsigned char mapped_head[12] = {[10] = 0xff, [11] = 0xff};

static bool is_mapped(const unsigned char bytes[16])
{
    return memcmp(bytes, mapped_head, sizeof mapped_head) == 0;
}

static bool address_parse(const char *text, unsigned char ret_bytes[16], int *ret_bits)
{
    memcpy(ret_bytes, mapped_head, sizeof mapped_head);
    *ret_bits = BITS - MAPPED;
    if (inet_pton(AF_INET, text, ret_bytes + sizeof mapped_head) == 1)
        return true;
    *ret_bits = BITS;
    return inet_pton(AF_INET6, text, ret_bytes) == 1;
}

static bool read_prefix(const char *text, int most, int *ret_prefix)
{
    if (strspn(text, "0123456789") != strlen(text) || strlen(text) < 1 || strlen(text) > 3)
        return false;
    *ret_prefix = (int)strtol(text, NULL, 10);
    return *ret_prefix <= most && (text[0] != '0' || text[1] == '\0');
}

static bool rest_is_zero(const struct network *network)
{
    for (int bit = network->prefix; bit < BITS; bit++)
        if (network->bytes[bit / 8] >> (7 - bit % 8) & 1)
            return false;
    return true;
}

bool network_parse(const char *text, struct network *ret_network)
{
    char address[ADDRESS_TEXT_SIZE];
    size_t length = strcspn(text, "/");
    struct network network;
    int bits, prefix;

    if (length >= sizeof address)
        return false;
    snprintf(address, sizeof address, "%.*s", (int)length, text);
    if (!address_parse(address, network.bytes, &bits))
        return false;
    prefix = bits;
    if (text[length] == '/' && !read_prefix(text + length + 1, bits, &prefix))
        return false;
    network.prefix = BITS - bits + prefix;
    if (!rest_is_zero(&network))
        return false;
    *ret_network = network;
    return true;
}

/* The next item of a list; NULL at its end. Blanks around it are left out. */
static const char *next_item(const char *list, const char **ret_item, size_t *ret_length)
{
    size_t length;

    list += strspn(list, " ,");
    if (!*list)
        return NULL;
    length = strcspn(list, ",");
    *ret_item = list;
    *ret_length = length;
    while (*ret_length > 0 && list[*ret_length - 1] == ' ')
        --*ret_length;
    return list + length;
}

static bool parse_item(const char *item, size_t length, struct network *ret_network)
{
    char text[ADDRESS_TEXT_SIZE + 4];

    if (length >= sizeof text)
        return false;
    snprintf(text, sizeof text, "%.*s", (int)length, item);
    return network_parse(text, ret_network);
}

bool networks_parse(const char *text, struct networks *ret_networks)
{
    struct networks networks = {.count = 0};
    const char *item;
    size_t length;

    while ((text = next_item(text, &item, &length))) {
        if (networks.count == NETWORKS_MOST || !parse_item(item, length, &networks.list[networks.count]))
            return false;
        networks.count++;
    }
    *ret_networks = networks;
    return true;
}

void network_format(const struct network *network, char ret_text[static ADDRESS_TEXT_SIZE + 4])
{
    bool mapped = is_mapped(network->bytes) && network->prefix >= MAPPED;
    char address[ADDRESS_TEXT_SIZE];

    inet_ntop(mapped ? AF_INET : AF_INET6, network->bytes + (mapped ? sizeof mapped_head : 0), address, sizeof address);
    if (network->prefix == BITS)
        snprintf(ret_text, ADDRESS_TEXT_SIZE + 4, "%s", address);
    else
        snprintf(ret_text, ADDRESS_TEXT_SIZE + 4, "%s/%d", address, network->prefix - (mapped ? MAPPED : 0));
}

static bool covers(const struct network *network, const struct network *address)
{
    for (int bit = 0; bit < network->prefix; bit++) {
        unsigned difference = (unsigned)(network->bytes[bit / 8] ^ address->bytes[bit / 8]);

        if (difference >> (7 - bit % 8) & 1)
            return false;
    }
    return true;
}

bool networks_contain(const struct networks *networks, const struct network *address)
{
    for (size_t i = 0; i < networks->count; i++)
        if (covers(&networks->list[i], address))
            return true;
    return false;
}

struct network network_of_client(const struct network *peer, const char *forwarded, const struct networks *proxies)
{
    struct network client = *peer;
    size_t end = forwarded ? strlen(forwarded) : 0;

    while (end > 0 && networks_contain(proxies, &client)) {
        size_t start = end;
        struct network before;

        while (start > 0 && forwarded[start - 1] != ',')
            start--;

        const char *item = forwarded + start;
        size_t length = end - start;

        while (length > 0 && *item == ' ') {
            item++;
            length--;
        }
        while (length > 0 && item[length - 1] == ' ')
            length--;
        if (!parse_item(item, length, &before) || before.prefix != BITS)
            break;
        client = before;
        end = start > 0 ? start - 1 : 0;
    }
    return client;
}
