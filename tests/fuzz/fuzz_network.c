/* fuzz_network.c: lists of networks and X-Forwarded-For: what is read is written and read back as the same. */
#include "base/network.h"
#include "fuzz/fuzz_support.h"

static void try_network(const char *text)
{
    char written[ADDRESS_TEXT_SIZE + 4], again_written[ADDRESS_TEXT_SIZE + 4];
    struct network network, again;

    if (!network_parse(text, &network))
        return;
    network_format(&network, written);
    CLAIM(network_parse(written, &again));
    network_format(&again, again_written);
    CLAIM(strcmp(written, again_written) == 0);
}

static void try_list(const char *text)
{
    struct networks networks;

    if (!networks_parse(text, &networks))
        return;
    CLAIM(networks.count <= NETWORKS_MOST);
    for (size_t i = 0; i < networks.count; i++)
        CLAIM(networks_contain(&networks, &networks.list[i]));
}

static void try_forwarded(const char *text)
{
    struct networks proxies;
    struct network peer, client;

    CLAIM(networks_parse("10.0.0.0/8, ::1", &proxies) && network_parse("10.0.0.1", &peer));
    client = network_of_client(&peer, text, &proxies);
    CLAIM(client.prefix == 128);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    try_network(text);
    try_list(text);
    try_forwarded(text);
    free(text);
    return 0;
}
