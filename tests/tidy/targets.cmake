# Targets for those who work on Millrace: `format` and `tidy`.

find_program(CLANG_FORMAT clang-format-14)
find_program(CLANG_TIDY clang-tidy-14)
foreach(tool CLANG_FORMAT CLANG_TIDY)
    mark_as_advanced(${tool})
endforeach()

if(CLANG_FORMAT)
    add_custom_target(format
        COMMAND git ls-files -z --cached --others --exclude-standard -- *.h *.cpp
                | xargs -0 --no-run-if-empty ${CLANG_FORMAT} -i
        WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} VERBATIM
        COMMENT "clang-format over every header and source")
endif()

# tidy: clang-tidy over every source of ours, each again only when it, a header that it
# includes, or a .clang-tidy has changed.
if(CLANG_TIDY)
    file(GLOB configs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/.clang-tidy
                                        ${PROJECT_SOURCE_DIR}/*/.clang-tidy)
    set(stamps)
    foreach(target scenario sim ui commands millrace millrace-cli)
        if(NOT TARGET ${target})
            continue()
        endif()
        get_target_property(sources ${target} SOURCES)
        get_target_property(folder ${target} SOURCE_DIR)
        list(FILTER sources INCLUDE REGEX "\\.cpp$")
        foreach(source IN LISTS sources)
            cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder} NORMALIZE)
            cmake_path(RELATIVE_PATH source BASE_DIRECTORY ${PROJECT_SOURCE_DIR}
                       OUTPUT_VARIABLE name)
            set(stamp ${PROJECT_BINARY_DIR}/tidied/${name})
            if(${stamp} IN_LIST stamps)
                continue() # two programs share it
            endif()
            add_custom_command(OUTPUT ${stamp}
                COMMAND ${PROJECT_SOURCE_DIR}/tests/tidy/check ${CLANG_TIDY} ${PROJECT_BINARY_DIR}
                        ${source} ${stamp}
                DEPENDS ${source} ${configs} ${PROJECT_SOURCE_DIR}/tests/tidy/check
                DEPFILE ${stamp}.d VERBATIM COMMENT "clang-tidy ${name}")
            list(APPEND stamps ${stamp})
        endforeach()
    endforeach()
    add_custom_target(tidy DEPENDS ${stamps})
    if(TARGET ui)
        set_property(TARGET ui PROPERTY AUTOGEN_ORIGIN_DEPENDS OFF)
        add_dependencies(tidy ui_autogen)
    endif()
endif()
