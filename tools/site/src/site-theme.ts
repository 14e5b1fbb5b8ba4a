import { DefaultTheme, type NavigationElement, type ProjectReflection } from 'typedoc'

/**
 * The theme of the generator with a navigation of its own: a heading for each group, below it the documents and the modules. What is in
 * a module stands on its page, and the search finds it.
 */
export class SiteTheme extends DefaultTheme {
  override buildNavigation(project: ProjectReflection): NavigationElement[] {
    const elements = new Map(
      super.buildNavigation(project).map(({ children: _inside, ...element }) => [element.path, element]),
    )
    return (project.groups ?? []).map(({ title, children }) => ({
      text: title,
      children: children.flatMap((page) => elements.get(this.router.getFullUrl(page)) ?? []),
    }))
  }
}
