package org.strongroom.core.settings;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which settings are never shown, because they hold a secret or are mistaken for one. Stateless. */
public final class SilentSettings {
    private SilentSettings() {}

    /**
     * Whether a value is never shown.
     *
     * @param path names with dots between, from {@code Strongroom} down, as they stand in {@link Settings#toJson}
     */
    public static boolean contains(String path) {
        List<String> names = List.of(path.split("\\.", -1));
        return names.get(0).equals(Settings.SECTION) && isSilent(Settings.class, names.subList(1, names.size()));
    }

    private static boolean isSilent(Class<?> type, List<String> names) {
        if (names.isEmpty() || !type.isRecord()) {
            return false;
        }
        for (RecordComponent component : type.getRecordComponents()) {
            if (SettingNames.of(component).equals(names.get(0))) {
                Type inner = component.getGenericType();
                boolean named = component.getType() == Map.class;
                return component.getAnnotation(Setting.class).silent()
                        || (names.size() > (named ? 2 : 1)
                                && isSilent(plain(inner), names.subList(named ? 2 : 1, names.size())));
            }
        }
        return false;
    }

    private static Class<?> plain(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            boolean container = List.of(Map.class, List.class, Optional.class).contains(generic.getRawType());
            return container ? plain(arguments[arguments.length - 1]) : Object.class;
        }
        return (Class<?>) type;
    }
}
