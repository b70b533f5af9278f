package io.sluice.handlers.annotated.processor;

import io.sluice.handlers.annotated.HandlerDeclaration;
import io.sluice.handlers.annotated.HandlesEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;
import javax.tools.Diagnostic.Kind;

/**
 * Makes a wrong {@link HandlesEvent} an error of the compiler, at the place in the source where it is wrong. Used by
 * the compiler, on one thread.
 */
public final class HandlesEventProcessor extends AbstractProcessor
{
    private static final String ANNOTATION = HandlesEvent.class.getName();

    /** Made by the compiler. */
    public HandlesEventProcessor()
    {
    }

    @Override
    public Set<String> getSupportedAnnotationTypes()
    {
        return Set.of(ANNOTATION);
    }

    @Override
    public SourceVersion getSupportedSourceVersion()
    {
        return SourceVersion.latest();
    }

    @Override
    public boolean process(final Set<? extends TypeElement> annotations, final RoundEnvironment round)
    {
        final Map<Element, Map<String, Element>> names = new HashMap<>();
        for (final TypeElement annotation : annotations)
        {
            for (final Element element : round.getElementsAnnotatedWith(annotation))
            {
                check((ExecutableElement)element, names.computeIfAbsent(
                    element.getEnclosingElement(), type -> new HashMap<>()));
            }
        }
        return false;
    }

    private void check(final ExecutableElement method, final Map<String, Element> namesOfClass)
    {
        final AnnotationMirror mirror = mirror(method);
        final Map<String, AnnotationValue> values = new HashMap<>();
        mirror.getElementValues().forEach((key, value) -> values.put(key.getSimpleName().toString(), value));
        final String place = method.getEnclosingElement() + "." + method.getSimpleName();
        final String name = text(values, "name");
        for (final HandlerDeclaration.Problem problem : problems(declaration(method, values)))
        {
            report(place + ": " + problem.reason(), method, mirror, value(problem.part(), values));
        }
        final String subscription =
            name.isEmpty() ? method.getEnclosingElement().getSimpleName() + "." + method.getSimpleName() : name;
        if (namesOfClass.putIfAbsent(subscription, method) != null)
        {
            report(
                place + ": another handler of the class has the name '" + subscription + "' too: give one of them " +
                "another name in its @HandlesEvent",
                method,
                mirror,
                values.get("name"));
        }
    }

    // Compilers run without the options that Agrona needs, which patterns within a filter ask for. Then they are looked
    // at when the handler is registered, and here only how the filter is written.
    private static List<HandlerDeclaration.Problem> problems(final HandlerDeclaration declaration)
    {
        try
        {
            return declaration.problems();
        }
        catch (final LinkageError ex)
        {
            return declaration.syntaxProblems();
        }
    }

    private HandlerDeclaration declaration(
        final ExecutableElement method, final Map<String, AnnotationValue> values)
    {
        return new HandlerDeclaration(
            text(values, "value"),
            text(values, "filter"),
            text(values, "name"),
            constant(values, "mode"),
            (int)number(values, "attempts"),
            number(values, "backoffMs"),
            method.getModifiers().contains(Modifier.PUBLIC),
            method.getModifiers().contains(Modifier.STATIC),
            method.getReturnType().toString(),
            method.getParameters().stream().map(parameter -> nameOf(parameter.asType())).toList());
    }

    private String nameOf(final TypeMirror type)
    {
        return processingEnv.getTypeUtils().erasure(type).toString();
    }

    private void report(
        final String message, final Element method, final AnnotationMirror mirror, final AnnotationValue value)
    {
        if (value == null)
        {
            processingEnv.getMessager().printMessage(Kind.ERROR, message, method);
        }
        else
        {
            processingEnv.getMessager().printMessage(Kind.ERROR, message, method, mirror, value);
        }
    }

    private static AnnotationValue value(
        final HandlerDeclaration.Part part, final Map<String, AnnotationValue> values)
    {
        switch (part)
        {
            case PATTERN:
                return values.get("value");
            case FILTER:
                return values.get("filter");
            case NAME:
                return values.get("name");
            case MODE:
                return values.get("mode");
            case ATTEMPTS:
                return values.get("attempts");
            case BACKOFF:
                return values.get("backoffMs");
            default:
                return null;
        }
    }

    private static String text(final Map<String, AnnotationValue> values, final String key)
    {
        final AnnotationValue value = values.get(key);
        return value == null ? "" : String.valueOf(value.getValue());
    }

    private static String constant(final Map<String, AnnotationValue> values, final String key)
    {
        final AnnotationValue value = values.get(key);
        return value != null && value.getValue() instanceof VariableElement element ?
            element.getSimpleName().toString() : "";
    }

    private static long number(final Map<String, AnnotationValue> values, final String key)
    {
        final AnnotationValue value = values.get(key);
        return value != null && value.getValue() instanceof Number number ? number.longValue() : 0L;
    }

    private static AnnotationMirror mirror(final Element method)
    {
        return method.getAnnotationMirrors().stream()
            .filter(mirror -> mirror.getAnnotationType().toString().equals(ANNOTATION))
            .findFirst()
            .orElseThrow();
    }
}
