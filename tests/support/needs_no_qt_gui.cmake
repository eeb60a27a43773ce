# cmake -D PROGRAM=... -P needs_no_qt_gui.cmake: fails when PROGRAM needs a Qt library, at any depth.
execute_process(COMMAND ldd ${PROGRAM} OUTPUT_VARIABLE libraries COMMAND_ERROR_IS_FATAL ANY)
if(NOT libraries MATCHES "libstdc\\+\\+")
    message(FATAL_ERROR "ldd told nothing about ${PROGRAM}:\n${libraries}")
endif()
if(libraries MATCHES "libQt[^ ]*")
    message(FATAL_ERROR "${PROGRAM} needs ${CMAKE_MATCH_0}")
endif()
