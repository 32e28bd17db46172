@echo off
rem Starts Twintail on Windows, from the archive that mvn -Pdist package makes. It builds nothing.
rem Folders may have blanks, parentheses and ampersands in their names: whatever names one is in
rem quotes, and nowhere within a block in parentheses.
setlocal EnableExtensions DisableDelayedExpansion
set "here=%~dp0"
set "here=%here:~0,-1%"

set "java=java.exe"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
"%java%" -version >nul 2>&1
if errorlevel 1 echo twintail: Cannot find java: install a JDK, 17 or newer, or set JAVA_HOME 1>&2& exit /b 1

rem Beside Java's own classes picocli looks for those of Groovy there, and not in all libraries.
set "boot="
for %%j in ("%here%\target\lib\picocli-*.jar") do set "boot=-Xbootclasspath/a:%%~j"
if not exist "%here%\target\twintail.jar" set "boot="
if not defined boot echo twintail: Cannot find target\twintail.jar and target\lib in "%here%": unpack the archive again 1>&2& exit /b 1

rem Java writes UTF-8.
chcp 65001 >nul

rem The heap grows with the trainings that run at once: one a processor.
set /a heap=768 + 128 * NUMBER_OF_PROCESSORS
if not defined TWINTAIL_CACHE set "TWINTAIL_CACHE=%LOCALAPPDATA%\twintail"

"%java%" "%boot%" -Xmx%heap%m -XX:+UseSerialGC "-Dtwintail.home=%here%" "-Dtwintail.cache=%TWINTAIL_CACHE%" ^
  "-Dorg.bytedeco.javacpp.cachedir=%TWINTAIL_CACHE%\javacpp" %TWINTAIL_JAVA_OPTS% ^
  -jar "%here%\target\twintail.jar" %*
exit /b %ERRORLEVEL%
