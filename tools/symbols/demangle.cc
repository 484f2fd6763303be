/* SPDX-License-Identifier: MIT */
/*
 * demangle.cc: C++ names as people write them. The only C++ of the room, because the demangler is
 * the C++ runtime's.
 */
#include "demangle.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cxxabi.h>
#include <string>

namespace
{

/* Where the parameter list begins that ends the name, or npos: `a::b(int) const` gives 4. */
size_t parameters(const std::string &name)
{
    size_t end = name.rfind(')');
    int depth = 0;
    for (size_t i = end + 1; end != std::string::npos && i-- > 0;) {
        depth += name[i] == ')' ? 1 : name[i] == '(' ? -1 : 0;
        if (depth == 0)
            return i;
    }
    return std::string::npos;
}

/* Where the name begins behind the return type that template functions carry. */
size_t behind_return_type(const std::string &name)
{
    int depth = 0;
    size_t start = 0;
    for (size_t i = 0; i < name.size(); i++) {
        depth += strchr("<({[", name[i]) != nullptr   ? 1
                 : strchr(">)}]", name[i]) != nullptr ? -1
                                                      : 0;
        if (depth == 0 && name[i] == ' ' && name.compare(i - (i < 8 ? i : 8), 8, "operator") != 0)
            start = i + 1;
    }
    return start;
}

std::string without_parameters(const std::string &full)
{
    size_t cut = parameters(full);
    size_t after = full.rfind(')');
    bool ends = cut != std::string::npos && full.find("::", after) == std::string::npos;
    if (!ends || cut == 0 || full.compare(0, cut, "operator") == 0)
        return full;
    std::string name = full.substr(0, cut);
    return name.substr(behind_return_type(name));
}

std::string readable(const char *mangled)
{
    int status = 0;
    char *text = abi::__cxa_demangle(mangled, nullptr, nullptr, &status);
    std::string name = status == 0 && text != nullptr ? without_parameters(text) : mangled;
    free(text);
    return name;
}

} // namespace

extern "C" void ilv__demangle(const char *name, char *out, size_t size)
{
    std::string plain(name, strcspn(name, "@"));
    if (plain.compare(0, 2, "_Z") == 0) {
        plain = readable(plain.c_str());
    } else {
        size_t dot = plain.find('.', 1);
        if (dot != std::string::npos)
            plain.resize(dot);
    }
    snprintf(out, size, "%s", plain.c_str());
}
