package org.strongroom.plugin.offline;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.strongroom.core.cli.Console;
import org.strongroom.plugin.offline.place.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/**
 * What the build has Java look at, for the archive of classes (decision 55): every class of ours, and of the libraries what a command with keys
 * and the first images in Orthanc need.
 */
@Command(name = "read-classes", hidden = true, description = "Reads the classes that Orthanc will need.")
final class ReadClassesCommand implements Callable<Integer> {
    @ParentCommand
    private Program main;

    @Parameters(paramLabel = "FOLDER", description = "For files of this command; Home is in it.")
    private Path folder;

    @Override
    public Integer call() throws IOException, ClassNotFoundException {
        Rehearsal.of(main.session(), folder, main.clock);
        for (String jar : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (Path.of(jar).getFileName().toString().startsWith("strongroom-")) {
                read(jar);
            }
        }
        return Console.DONE;
    }

    private static void read(String jar) throws IOException, ClassNotFoundException {
        List<String> names;
        try (JarFile file = new JarFile(jar)) {
            names = file.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
        for (String name : names) {
            Class.forName(name, false, ReadClassesCommand.class.getClassLoader());
        }
    }
}
